package io.ringway.nio;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.TabularData;

/**
 * A program that uses nothing but NIO: a server, and a client of other guests' servers. It does what its standard input
 * says, one command per line, answers each by a line, and ends with its input.
 */
final class GoodGuest {
    private static final int CHUNK = 48 << 10;
    private static final long PATIENCE = 20_000_000_000L;

    private final GuestServer server = new GuestServer();
    private final List<Conversation> conversations = new CopyOnWriteArrayList<>();
    private final AtomicLong connects = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    private GoodGuest() throws IOException {}

    public static void main(String[] arguments) throws Exception {
        GoodGuest guest = new GoodGuest();
        Thread.ofPlatform().daemon().name("loop").start(guest.server);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(guest.execute(line.split(" ")));
        }
    }

    private String execute(String[] command) throws Exception {
        long[] numbers = new long[command.length];
        for (int i = 1; i < command.length; i++) {
            numbers[i] = Long.parseLong(command[i]);
        }
        return switch (command[0]) {
            case "port" -> Integer.toString(server.port());
            case "talk" -> talk((int) numbers[1], numbers[2]);
            case "progress" -> progress(numbers[1], numbers.length > 2 ? (int) numbers[2] : 0);
            case "excuse" -> excuse((int) numbers[1]);
            case "stream" -> startStream((int) numbers[1]);
            case "exit" -> streamAndExit(numbers);
            case "connect" -> connectAgainAndAgain((int) numbers[1]);
            case "connects" -> connects.toString();
            case "accepted" -> Integer.toString(server.open.size());
            case "sunk" -> Long.toString(server.sunk);
            case "refused" -> refused.toString();
            case "forget" -> forget();
            case "ended" -> String.join(" ", server.ended);
            case "malformed" -> attribute("Malformed");
            case "listing" -> attribute("Listing").replace('\n', ';');
            case "ports" ->
                bean(TabularData.class, "Ports").keySet().stream()
                        .map(key -> ((List<?>) key).getFirst().toString())
                        .toList()
                        .toString();
            case "kernel" -> attribute("KernelConnections");
            default -> throw new IllegalArgumentException(command[0]);
        };
    }

    private static String attribute(String name) throws Exception {
        return bean(Object.class, name).toString();
    }

    private static <T> T bean(Class<T> type, String name) throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName bean = new ObjectName("io.ringway:type=Ringway");
        while (!beans.isRegistered(bean)) {
            // It comes a moment after the first listener.
            Thread.sleep(1);
        }
        return type.cast(beans.getAttribute(bean, name));
    }

    /** Two conversations: one in the event loop, one in a thread that blocks. */
    private String talk(int port, long seed) throws Exception {
        Conversation inLoop = new Conversation(port, seed);
        Conversation blocking = new Conversation(port, seed + 1);
        conversations.addAll(List.of(inLoop, blocking));
        server.join(inLoop);
        Thread.ofPlatform().daemon().name("conversation").start(blocking::run);
        return progress(1, 0);
    }

    /** Waits until every conversation, but those with one port, has got so many messages further. */
    private String progress(long more, int besides) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE;
        long[] from = conversations.stream().mapToLong(c -> c.rounds).toArray();
        for (int i = 0; i < from.length; i++) {
            Conversation c = conversations.get(i);
            while (!c.excused && c.port != besides && c.rounds < from[i] + more) {
                if (c.failure != null) {
                    return c.failure;
                }
                if (System.nanoTime() - end > 0) {
                    return "stuck with " + c.port + " in round " + c.rounds + " as conversation " + i;
                }
                Thread.sleep(1);
            }
        }
        return "progress";
    }

    /** The process behind that port will go: conversations with it may end. */
    private String excuse(int port) {
        for (Conversation c : conversations) {
            c.excused |= c.port == port;
        }
        return "excused";
    }

    /** Forgets the streams that have ended. How many. */
    private String forget() {
        int count = server.ended.size();
        server.ended.clear();
        connects.set(0);
        refused.set(0);
        server.sunk = 0;
        return Integer.toString(count);
    }

    private static SocketChannel openStream(long port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", (int) port));
        channel.write(ByteBuffer.wrap(new byte[] {GuestServer.SINK}));
        return channel;
    }

    private static void stream(SocketChannel channel, long total) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        for (long position = 0; position < total; position += chunk.limit()) {
            chunk.clear().limit((int) Math.min(CHUNK, total - position));
            Conversation.fill(chunk, position);
            chunk.flip();
            while (chunk.hasRemaining()) {
                channel.write(chunk);
            }
        }
    }

    private static String startStream(int port) throws IOException {
        SocketChannel channel = openStream(port);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                stream(channel, Long.MAX_VALUE);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        return "streaming";
    }

    /** So many bytes to each of the ports, then the end of the process, without any close. */
    private static String streamAndExit(long[] numbers) throws IOException {
        for (int i = 2; i < numbers.length; i++) {
            stream(openStream(numbers[i]), numbers[1]);
        }
        System.out.println("written");
        System.exit(0);
        return "";
    }

    private static boolean connected(SocketChannel channel, InetSocketAddress address) {
        try {
            return channel.connect(address);
        } catch (IOException e) {
            return false;
        }
    }

    /** One connection after the other, one byte there and back, until the server is gone. */
    private String connectAgainAndAgain(int port) {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
        Thread.ofPlatform().daemon().start(() -> {
            ByteBuffer one = ByteBuffer.allocate(1);
            while (true) {
                try (SocketChannel channel = SocketChannel.open()) {
                    if (!connected(channel, address)) {
                        refused.incrementAndGet();
                        return;
                    }
                    channel.write(ByteBuffer.wrap(new byte[] {Conversation.ECHO, 1}));
                    channel.read(one.clear());
                    connects.incrementAndGet();
                } catch (IOException e) {
                    // Reset in the middle; the next one is refused.
                    connects.incrementAndGet();
                }
            }
        });
        return "connecting";
    }
}
