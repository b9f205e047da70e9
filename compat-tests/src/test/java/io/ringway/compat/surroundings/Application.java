package io.ringway.compat.surroundings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * What a container loads by a loader of its own, several times: event loops with attachments of its own classes, blocking
 * channels, streams of sockets, and thread locals. It knows the JDK only, and closes what it opened.
 */
public final class Application implements Runnable {
    private static final int CONNECTIONS = 8;
    private static final ThreadLocal<Note> LOCAL = new ThreadLocal<>();
    private static final InheritableThreadLocal<Note> INHERITABLE = new InheritableThreadLocal<>();

    /** So large that a few that are kept would be noticed. */
    private static final class Note {
        final byte[] content = new byte[100_000];
        int received;
    }

    private final List<Thread> threads = new ArrayList<>();

    /** Made by the container, by reflection. */
    public Application() {}

    @Override
    public void run() {
        LOCAL.set(new Note());
        INHERITABLE.set(new Note());
        try (ServerSocketChannel listener = ServerSocketChannel.open();
                Selector selector = Selector.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT, new Note());
            Thread loop = start(Thread.ofPlatform(), () -> serve(selector));
            for (int i = 0; i < CONNECTIONS; i++) {
                start(i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual(), () -> talk(listener));
            }
            for (Thread thread : threads.subList(1, threads.size())) {
                thread.join();
            }
            selector.close();
            loop.join();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Thread start(Thread.Builder builder, Runnable task) {
        Thread thread = builder.start(task);
        threads.add(thread);
        return thread;
    }

    private static void serve(Selector selector) {
        LOCAL.set(new Note());
        try {
            while (selector.isOpen()) {
                selector.select(Application::serve);
            }
        } catch (ClosedSelectorException e) {
            // The end that was asked for.
            LOCAL.remove();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void serve(SelectionKey key) {
        try {
            Note note = (Note) key.attachment();
            if (key.isAcceptable()) {
                SocketChannel accepted = ((ServerSocketChannel) key.channel()).accept();
                if (accepted != null) {
                    accepted.configureBlocking(false);
                    accepted.register(key.selector(), SelectionKey.OP_READ).attach(new Note());
                }
                return;
            }
            SocketChannel channel = (SocketChannel) key.channel();
            ByteBuffer buffer = ByteBuffer.wrap(note.content);
            int n = channel.read(buffer);
            if (n < 0) {
                channel.close();
                return;
            }
            note.received += n;
            channel.write(buffer.flip());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Half of the messages by the channel, half by the socket's streams. */
    private static void talk(ServerSocketChannel listener) {
        LOCAL.set(new Note());
        try (SocketChannel channel = SocketChannel.open(listener.getLocalAddress())) {
            for (int i = 0; i < 10; i++) {
                ByteBuffer message = ByteBuffer.wrap(new byte[] {(byte) i});
                channel.write(message);
                if (channel.read(message.clear()) != 1 || message.get(0) != i) {
                    throw new IllegalStateException("wrong echo");
                }
                channel.socket().getOutputStream().write(i);
                if (channel.socket().getInputStream().read() != i) {
                    throw new IllegalStateException("wrong echo by streams");
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
