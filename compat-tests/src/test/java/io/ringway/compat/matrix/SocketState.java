package io.ringway.compat.matrix;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.Io;
import io.ringway.compat.support.Loopback;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** A state that a socket channel can be in. */
enum SocketState {
    UNCONNECTED {
        @Override
        void reach(SocketChannel channel, Surroundings in) {
            // That is how it begins.
        }
    },
    BOUND {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            channel.bind(Loopback.anyPort());
        }
    },
    PENDING {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            boolean blocking = channel.isBlocking();
            channel.configureBlocking(false);
            channel.connect(in.fullAddress());
            channel.configureBlocking(blocking);
        }
    },
    PENDING_BOUND {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            channel.bind(Loopback.anyPort());
            PENDING.reach(channel, in);
        }
    },
    REFUSED_UNFINISHED {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            boolean blocking = channel.isBlocking();
            channel.configureBlocking(false);
            channel.connect(in.refusing);
            in.settle();
            channel.configureBlocking(blocking);
        }
    },
    REFUSED {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            channel.configureBlocking(true);
            try {
                channel.connect(in.refusing);
            } catch (IOException e) {
                return;
            }
            throw new AssertionError("connected");
        }
    },
    CONNECTED {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            connect(channel, in);
        }
    },
    WITH_DATA {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            Io.write(connect(channel, in), "twelve bytes");
            in.settle();
        }
    },
    INPUT_SHUT {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            connect(channel, in);
            channel.shutdownInput();
        }
    },
    INPUT_SHUT_WITH_DATA {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            WITH_DATA.reach(channel, in);
            channel.shutdownInput();
        }
    },
    OUTPUT_SHUT {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            connect(channel, in);
            channel.shutdownOutput();
        }
    },
    BOTH_SHUT {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            connect(channel, in);
            channel.shutdownOutput();
            channel.shutdownInput();
        }
    },
    PEER_OUTPUT_SHUT {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            SocketChannel peer = connect(channel, in);
            Io.write(peer, "twelve bytes");
            peer.shutdownOutput();
            in.settle();
        }
    },
    ENDED_BOTH_WAYS {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            connect(channel, in).shutdownOutput();
            in.settle();
            channel.shutdownOutput();
            in.settle();
        }
    },
    PEER_CLOSED {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            connect(channel, in).close();
            in.settle();
        }
    },
    RESET {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            connect(channel, in).setOption(StandardSocketOptions.SO_LINGER, 0).close();
            in.settle();
        }
    },
    RESET_WITH_DATA {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            SocketChannel peer = connect(channel, in);
            Io.write(peer, "twelve bytes");
            in.settle();
            peer.setOption(StandardSocketOptions.SO_LINGER, 0).close();
            in.settle();
        }
    },
    RESET_AND_READ {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            RESET.reach(channel, in);
            Io.readUntilFailure(channel);
        }
    },
    RESET_AND_WRITTEN {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            RESET.reach(channel, in);
            Await.until("a write fails", () -> {
                try {
                    return channel.write(ByteBuffer.allocate(1)) < 0;
                } catch (IOException e) {
                    return true;
                }
            });
        }
    },
    RESET_OUTPUT_SHUT {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            SocketChannel peer = connect(channel, in);
            channel.shutdownOutput();
            in.settle();
            peer.setOption(StandardSocketOptions.SO_LINGER, 0).close();
            in.settle();
        }
    },
    CLOSED {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            channel.close();
        }
    },
    CONNECTED_CLOSED {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            connect(channel, in);
            channel.close();
        }
    },
    REGISTERED {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            connect(channel, in);
            channel.configureBlocking(false);
            channel.register(in.selector, SelectionKey.OP_READ);
        }
    },
    REGISTERED_CLOSED {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            REGISTERED.reach(channel, in);
            channel.close();
        }
    },
    UNCONNECTED_REGISTERED_CLOSED {
        @Override
        void reach(SocketChannel channel, Surroundings in) throws Exception {
            channel.configureBlocking(false);
            channel.register(in.selector, SelectionKey.OP_CONNECT);
            channel.close();
        }
    };

    /** Brings a new channel into this state; its blocking mode stays, where the state allows it. */
    abstract void reach(SocketChannel channel, Surroundings in) throws Exception;

    /** Connects the channel and returns its peer, in blocking mode. */
    private static SocketChannel connect(SocketChannel channel, Surroundings in) throws Exception {
        boolean blocking = channel.isBlocking();
        channel.configureBlocking(true);
        channel.connect(in.listener.getLocalAddress());
        channel.configureBlocking(blocking);
        return in.remember(in.listener.accept());
    }
}
