package io.ringway.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;

/**
 * A program that exchanges a byte with itself, over {@code sockets} or over {@code channels}, and prints what it was told
 * by standard error since, once it was told something or the agent has looked.
 */
final class Talk {
    private static final String WATCHER = "ringway-sockets";
    private static final long BOUND = 40_000;

    private Talk() {}

    public static void main(String[] arguments) throws Exception {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        System.setErr(new PrintStream(told, true));
        if (arguments[0].equals("sockets")) {
            overSockets();
        } else {
            overChannels();
        }
        long end = System.currentTimeMillis() + BOUND;
        while (told.toString().lines().noneMatch(line -> line.contains("java.net.Socket")) && !hasLooked()) {
            if (System.currentTimeMillis() > end) {
                throw new AssertionError("the agent hasn't looked");
            }
            Thread.sleep(50);
        }
        System.out.print(told);
    }

    private static void overSockets() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket server = listener.accept()) {
            client.getOutputStream().write(1);
            server.getInputStream().read();
        }
    }

    /** The JDK makes a socket for a TLS context, and connects it to nothing. */
    private static void overChannels() throws Exception {
        SSLContext.getDefault().getDefaultSSLParameters();
        try (ServerSocketChannel listener =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                SocketChannel server = listener.accept()) {
            client.socket().getOutputStream().write(1);
            server.read(ByteBuffer.allocate(1));
        }
    }

    /** Whether the watching thread has come back from its first pause, or is not there. */
    private static boolean hasLooked() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null && info.getThreadName().equals(WATCHER)) {
                return info.getWaitedCount() > 1;
            }
        }
        return true;
    }
}
