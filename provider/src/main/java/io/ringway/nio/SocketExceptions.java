package io.ringway.nio;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;

/** What a channel throws, as a socket would say it. */
final class SocketExceptions {
    private SocketExceptions() {}

    /** For methods that throw IOException: those stay as they are. */
    static IOException translate(Exception e) {
        return e instanceof IOException io ? io : toSocketException(e);
    }

    /** For methods that throw SocketException. Throws {@code e} itself if it is unchecked and has no translation. */
    static SocketException toSocketException(Exception e) {
        if (e instanceof SocketException s) {
            return s;
        }
        String message = switch (e) {
            case ClosedChannelException c -> "Socket is closed";
            case NotYetConnectedException n -> "Socket is not connected";
            case AlreadyBoundException a -> "Already bound";
            case AlreadyConnectedException a -> "Already connected";
            case NotYetBoundException n -> "Socket is not bound yet";
            case UnsupportedAddressTypeException u -> "Unsupported address type";
            case UnresolvedAddressException u -> "Unresolved address";
            case IOException io -> io.getMessage();
            case RuntimeException r -> throw r;
            default -> throw new IllegalStateException(e);
        };
        SocketException translated = new SocketException(message);
        translated.initCause(e);
        return translated;
    }
}
