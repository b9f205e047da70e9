package io.ringway.nio;

import io.ringway.PathReason;
import io.ringway.stack.tcp.TcpConnection;
import java.io.IOException;
import java.nio.channels.NetworkChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The listeners and connections of a process for people: a line each, with path and reason. Any thread. */
final class StatusText {
    private static final int MOST = 1_000;

    private StatusText() {}

    /** All of them, and the directories that are left out. */
    static String of(Datapath datapath) {
        StringBuilder text = new StringBuilder(of(datapath, null));
        for (String why : datapath.leftDirectories()) {
            text.append(text.isEmpty() ? "" : "\n").append("unused  ").append(why);
        }
        return text.toString();
    }

    /**
     * For those who share one port with this process: without the accelerated connections of other ports, whose peers
     * are none of their business. With null, all.
     */
    static String of(Datapath datapath, @Nullable String port) {
        List<String> lines = new ArrayList<>();
        int more = 0;
        for (NetworkChannel channel : datapath.statistics().channels()) {
            String line = line(channel, port);
            if (line != null && lines.size() < MOST) {
                lines.add(line);
            } else if (line != null) {
                more++;
            }
        }
        Collections.sort(lines);
        if (more > 0) {
            lines.add("and " + more + " more");
        }
        return String.join("\n", lines);
    }

    private static @Nullable String line(NetworkChannel channel, @Nullable String port) {
        try {
            return switch (channel) {
                case RingwayServerSocketChannel server -> listener(server);
                case RingwaySocketChannel connection -> connection(connection, port);
                default -> null;
            };
        } catch (IOException e) {
            // Closed in the meantime.
            return null;
        }
    }

    private static String listener(RingwayServerSocketChannel server) throws IOException {
        PathReason reason = server.reason();
        String path = reason == PathReason.FABRIC ? "fabric+kernel" : "kernel";
        return "listen  " + path + "  " + server.getLocalAddress() + "  reason " + reason;
    }

    private static @Nullable String connection(RingwaySocketChannel channel, @Nullable String port) throws IOException {
        String ends = channel.getLocalAddress() + " - " + channel.getRemoteAddress();
        if (channel.path() instanceof AcceleratedPath path) {
            TcpConnection c = path.connection;
            String own = path.common.port.name();
            return port != null && !port.equals(own)
                    ? null
                    : "connect " + own + "  " + ends + "  reason " + path.reason() + "  " + c.state() + "  queue "
                            + c.stack().queue().id() + "  received " + c.bytesReceived() + "  sent " + c.bytesSent();
        }
        return "connect kernel  " + ends + "  reason " + channel.path().reason();
    }
}
