package io.ringway.compat.matrix;

import io.ringway.compat.support.Loopback;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A state that a server channel can be in. */
enum ServerState {
    UNBOUND {
        @Override
        void reach(ServerSocketChannel channel, Surroundings in) {
            // That is how it begins.
        }
    },
    BOUND {
        @Override
        void reach(ServerSocketChannel channel, Surroundings in) throws Exception {
            channel.bind(Loopback.anyPort());
        }
    },
    WITH_A_CLIENT {
        @Override
        void reach(ServerSocketChannel channel, Surroundings in) throws Exception {
            channel.bind(Loopback.anyPort());
            in.remember(SocketChannel.open(channel.getLocalAddress()));
            in.settle();
        }
    },
    REGISTERED {
        @Override
        void reach(ServerSocketChannel channel, Surroundings in) throws Exception {
            channel.bind(Loopback.anyPort());
            channel.configureBlocking(false);
            channel.register(in.selector, SelectionKey.OP_ACCEPT);
        }
    },
    CLOSED {
        @Override
        void reach(ServerSocketChannel channel, Surroundings in) throws Exception {
            channel.close();
        }
    },
    BOUND_CLOSED {
        @Override
        void reach(ServerSocketChannel channel, Surroundings in) throws Exception {
            channel.bind(Loopback.anyPort());
            channel.close();
        }
    },
    REGISTERED_CLOSED {
        @Override
        void reach(ServerSocketChannel channel, Surroundings in) throws Exception {
            REGISTERED.reach(channel, in);
            channel.close();
        }
    };

    /** Brings a new channel into this state; its blocking mode stays, where the state allows it. */
    abstract void reach(ServerSocketChannel channel, Surroundings in) throws Exception;
}
