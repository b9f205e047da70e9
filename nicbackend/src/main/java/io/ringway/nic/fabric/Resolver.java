package io.ringway.nic.fabric;

import io.ringway.linux.KernelRoutes;
import io.ringway.linux.LinuxException;
import io.ringway.nic.IpEndpoint;
import io.ringway.nic.Resolution;
import io.ringway.nic.Resolution.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds the listener that the kernel would find, if it is on the fabric. Any thread. */
final class Resolver {
    private static final IpEndpoint V4_LOOPBACK = IpEndpoint.v4(0x7f000001, 0);
    private static final IpEndpoint V6_LOOPBACK = new IpEndpoint(0, 1, 0);

    private static final int MOST_KNOWN = 256;

    private final FabricPort port;
    /** Spares names and texts from being made and parsed anew; what the directory says now is read each time. */
    private final Map<IpEndpoint, KnownListener> known = new ConcurrentHashMap<>();

    private @Nullable KernelRoutes routes;

    Resolver(FabricPort port) {
        this.port = port;
    }

    Resolution resolve(IpEndpoint destination, @Nullable IpEndpoint source) {
        try {
            IpEndpoint to = destination.isWildcard()
                    ? (destination.isV4() ? V4_LOOPBACK : V6_LOOPBACK).withPort(destination.port())
                    : destination;
            IpEndpoint from = source(to);
            if (from == null) {
                return new Resolution.Refused(Reason.NO_ROUTE);
            }
            if (source != null && !source.isWildcard()) {
                from = source.withPort(0);
            }
            FabricDirectory directory = port.presence().findDirectory();
            Resolution found = directory == null ? null : lookUp(directory, to, from);
            return found == null ? new Resolution.Refused(Reason.PEER_NOT_ON_FABRIC) : found;
        } catch (IOException e) {
            port.note(e.getMessage());
            return new Resolution.Refused(Reason.DEVICE_ERROR);
        }
    }

    /** The address that the kernel would send from, or null when the destination is not on this host. */
    private @Nullable IpEndpoint source(IpEndpoint to) throws LinuxException {
        if (to.isV4() && to.v4Address() >>> 24 == 127) {
            return V4_LOOPBACK;
        }
        if (to.high() == 0 && to.low() == 1) {
            return V6_LOOPBACK;
        }
        KernelRoutes.Lookup found = routes().lookup(to.address().getAddress());
        if (!found.local()) {
            return null;
        }
        byte[] preferred = found.preferredSource();
        try {
            return preferred == null ? to.withPort(0) : IpEndpoint.of(InetAddress.getByAddress(preferred), 0);
        } catch (UnknownHostException e) {
            return to.withPort(0);
        }
    }

    private synchronized KernelRoutes routes() throws LinuxException {
        KernelRoutes opened = routes;
        if (opened == null) {
            opened = KernelRoutes.open();
            routes = opened;
        }
        return opened;
    }

    /** By the rules of bind: the specific address before the wildcard, IPv4's wildcard before IPv6's that takes both. */
    private @Nullable Resolution lookUp(FabricDirectory directory, IpEndpoint to, IpEndpoint from) throws IOException {
        Resolution found = lookUp(directory, to, from, false);
        if (found == null && to.isV4()) {
            found = lookUp(directory, ListenerRecord.V4_ANY.withPort(to.port()), from, false);
        }
        if (found == null) {
            found = lookUp(directory, ListenerRecord.V6_ANY.withPort(to.port()), from, to.isV4());
        }
        return found;
    }

    private @Nullable Resolution lookUp(FabricDirectory directory, IpEndpoint bound, IpEndpoint from, boolean takesBoth)
            throws IOException {
        KnownListener known = known(bound);
        String text = directory.read(known.name);
        ListenerRecord found = known.record(text);
        if (text == null || found == null || takesBoth && !found.dualStack()) {
            return null;
        }
        if (found.nonce() == port.nonce()) {
            return at(port.self(), found, from);
        }
        Rendezvous.Outcome outcome = port.presence().rendezvous().meet(found.nonce());
        if (outcome.peer() != null) {
            return at(outcome.peer(), found, from);
        }
        if (outcome.reason() != null) {
            return new Resolution.Refused(outcome.reason());
        }
        if (directory.isAlive(found.nonce())) {
            return new Resolution.Refused(Reason.PEER_NOT_RESPONDING);
        }
        directory.removeIf(known.name, text);
        return null;
    }

    private KnownListener known(IpEndpoint bound) {
        KnownListener found = known.get(bound);
        if (found == null) {
            if (known.size() >= MOST_KNOWN) {
                known.clear();
            }
            found = new KnownListener(ListenerRecord.name(bound));
            known.put(bound, found);
        }
        return found;
    }

    private @Nullable Resolution at(FabricPeer peer, ListenerRecord found, IpEndpoint from) {
        return peer.hasOpenQueue(found.queue())
                ? new Resolution.Found(new FabricRoute(port, from, peer, found.queue()))
                : null;
    }

    synchronized void close() {
        if (routes != null) {
            routes.close();
        }
    }
}
