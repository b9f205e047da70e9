package io.ringway.agent.command;

/** A command could not do what it was asked for; the message tells the user why, in one line. */
final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    CommandException(String message, Throwable cause) {
        super(message, cause);
    }

    CommandException(String message) {
        super(message);
    }
}
