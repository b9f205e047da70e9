package io.ringway.compat.other;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Membership of groups on the loopback interface, by a channel that a selector waits for. */
class MulticastTest {
    private static final int ARRIVAL_MILLIS = 2_000;

    private final InetAddress group = address("239.255.77.78");
    private final InetAddress otherGroup = address("239.255.77.79");
    private final InetAddress host = address("127.0.0.1");
    private final InetAddress stranger = address("127.0.0.3");

    private NetworkInterface loopback;
    private DatagramChannel member;
    private DatagramChannel sender;
    private Selector selector;

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void open() throws IOException {
        loopback = NetworkInterface.getByInetAddress(host);
        member = DatagramChannel.open(StandardProtocolFamily.INET)
                .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                .bind(new InetSocketAddress("0.0.0.0", 0));
        sender = DatagramChannel.open(StandardProtocolFamily.INET)
                .bind(Loopback.anyPort())
                .setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback);
        selector = Selector.open();
        member.configureBlocking(false).register(selector, SelectionKey.OP_READ);
    }

    @AfterEach
    void close() throws IOException {
        selector.close();
        member.close();
        sender.close();
    }

    private SocketAddress at(InetAddress to) throws IOException {
        return new InetSocketAddress(to, ((InetSocketAddress) member.getLocalAddress()).getPort());
    }

    /** The next datagram's text, or null. One sent by {@link #mark} comes after all that was sent before. */
    private String received(int millis) throws IOException {
        selector.select(millis);
        selector.selectedKeys().clear();
        ByteBuffer buffer = ByteBuffer.allocate(20);
        return member.receive(buffer) == null
                ? null
                : UTF_8.decode(buffer.flip()).toString();
    }

    private void sendAndMark(InetAddress to) throws IOException {
        sender.send(Io.bytes("multicast"), at(to));
        sender.send(Io.bytes("mark"), at(host));
    }

    private void assertArrives(InetAddress to) throws IOException {
        sendAndMark(to);
        assertEquals("multicast", received(10_000));
        assertEquals("mark", received(10_000));
    }

    private void assertDoesNotArrive(InetAddress to) throws IOException {
        sendAndMark(to);
        assertEquals("mark", received(10_000));
    }

    private void assumeDelivery() throws IOException {
        MembershipKey key = member.join(otherGroup, loopback);
        boolean arrived = false;
        try {
            sender.send(Io.bytes("probe"), at(otherGroup));
            arrived = received(ARRIVAL_MILLIS) != null;
        } catch (IOException e) {
            assumeTrue(false, "this machine sends no multicast over loopback: " + e);
        }
        key.drop();
        assumeTrue(arrived, "this machine delivers no multicast over loopback");
    }

    @Test
    void aMemberReceivesUntilItDrops() throws Exception {
        assumeDelivery();
        MembershipKey key = member.join(group, loopback);
        assertArrives(group);
        key.drop();
        assertFalse(key.isValid());
        assertDoesNotArrive(group);
        MembershipKey again = member.join(group, loopback);
        assertNotSame(key, again);
        assertFalse(key.isValid());
        assertArrives(group);
    }

    @Test
    void aBlockedSourceIsNotHeardUntilItIsUnblocked() throws Exception {
        assumeDelivery();
        MembershipKey key = member.join(group, loopback);
        assertSame(key, key.block(host));
        assertSame(key, key.block(host));
        assertDoesNotArrive(group);
        assertSame(key, key.unblock(host));
        assertArrives(group);
        assertThrows(IllegalStateException.class, () -> key.unblock(host));
    }

    @Test
    void aSourceSpecificMemberHearsItsSourcesOnly() throws Exception {
        assumeDelivery();
        MembershipKey ofStranger = member.join(group, loopback, stranger);
        assertDoesNotArrive(group);
        MembershipKey ofHost = member.join(group, loopback, host);
        assertNotEquals(ofStranger, ofHost);
        assertArrives(group);
        ofHost.drop();
        assertTrue(ofStranger.isValid());
        assertDoesNotArrive(group);
    }

    @Test
    void aKeyTellsWhatItStandsForEvenWhenInvalid() throws Exception {
        MembershipKey key = member.join(group, loopback);
        MembershipKey specific = member.join(otherGroup, loopback, stranger);
        for (int i = 0; i < 2; i++) {
            assertEquals(i == 0, key.isValid());
            assertSame(member, key.channel());
            assertEquals(group, key.group());
            assertEquals(loopback, key.networkInterface());
            assertNull(key.sourceAddress());
            assertSame(member, specific.channel());
            assertEquals(stranger, specific.sourceAddress());
            key.drop();
            key.drop();
        }
    }

    @Test
    void aGroupIsJoinedOnSeveralInterfaces() throws Exception {
        NetworkInterface other = NetworkInterface.networkInterfaces()
                .filter(each -> !each.equals(loopback))
                .filter(each -> each.inetAddresses().anyMatch(Inet4Address.class::isInstance))
                .findFirst()
                .orElse(null);
        assumeTrue(other != null, "this machine has one interface only");
        MembershipKey key = member.join(group, loopback);
        MembershipKey second = member.join(group, other);
        assertNotEquals(key, second);
        assertEquals(other, second.networkInterface());
        key.drop();
        assertTrue(second.isValid());
    }

    @Test
    void anIpv6ChannelJoinsIpv6Groups() throws Exception {
        InetAddress ipv6Group = address("ff11::77:78");
        try (DatagramChannel ipv6 = DatagramChannel.open(StandardProtocolFamily.INET6)) {
            MembershipKey key;
            try {
                key = ipv6.join(ipv6Group, loopback);
            } catch (IOException e) {
                assumeTrue(false, "this machine has no IPv6 multicast on loopback: " + e);
                return;
            }
            assertEquals(ipv6Group, key.group());
            assertSame(key, ipv6.join(ipv6Group, loopback));
            key.block(address("::1")).unblock(address("::1"));
            assertThrows(IllegalArgumentException.class, () -> key.block(host));
            ipv6.close();
            assertFalse(key.isValid());
        }
    }

    @Test
    void joiningTwiceGivesTheSameKey() throws Exception {
        MembershipKey key = member.join(group, loopback);
        assertSame(key, member.join(group, loopback));
        assertNotEquals(key, member.join(otherGroup, loopback));
        MembershipKey specific = member.join(address("239.255.77.80"), loopback, host);
        assertSame(specific, member.join(address("239.255.77.80"), loopback, host));
    }

    @Test
    void membershipOfAllAndOfASourceExcludeEachOther() throws Exception {
        member.join(group, loopback);
        assertThrows(IllegalStateException.class, () -> member.join(group, loopback, host));
        MembershipKey specific = member.join(otherGroup, loopback, host);
        assertThrows(IllegalStateException.class, () -> member.join(otherGroup, loopback));
        assertThrows(IllegalStateException.class, () -> specific.block(stranger));
    }

    @Test
    void closingTheChannelEndsMemberships() throws Exception {
        MembershipKey key = member.join(group, loopback);
        MembershipKey specific = member.join(otherGroup, loopback, host);
        member.close();
        assertFalse(key.isValid());
        assertFalse(specific.isValid());
        key.drop();
        assertSame(member, key.channel());
        assertThrows(IllegalStateException.class, () -> key.block(host));
        assertThrows(ClosedChannelException.class, () -> member.join(group, loopback));
    }

    @Test
    void argumentsAreChecked() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> member.join(host, loopback));
        assertThrows(IllegalArgumentException.class, () -> member.join(group, loopback, group));
        assertThrows(IllegalArgumentException.class, () -> member.join(group, loopback, address("0.0.0.0")));
        assertThrows(IllegalArgumentException.class, () -> member.join(group, loopback, address("::1")));
        assertThrows(IllegalArgumentException.class, () -> member.join(address("ff02::1:99"), loopback));
        assertThrows(NullPointerException.class, () -> member.join(null, loopback));
        assertThrows(NullPointerException.class, () -> member.join(group, null));
        assertThrows(NullPointerException.class, () -> member.join(group, loopback, null));
        MembershipKey key = member.join(group, loopback);
        assertThrows(IllegalArgumentException.class, () -> key.block(group));
        assertThrows(IllegalArgumentException.class, () -> key.block(address("::1")));
        assertThrows(IllegalStateException.class, () -> key.unblock(host));
        key.drop();
        assertThrows(IllegalStateException.class, () -> key.block(host));
        assertThrows(IllegalStateException.class, () -> key.unblock(host));
        member.close();
        assertThrows(IllegalArgumentException.class, () -> member.join(host, loopback), "before the state");
    }

    @Test
    void membershipsSurviveConnectAndDisconnect() throws Exception {
        assumeDelivery();
        MembershipKey key = member.join(group, loopback);
        member.connect(sender.getLocalAddress());
        member.disconnect();
        assertTrue(key.isValid());
        assertArrives(group);
    }
}
