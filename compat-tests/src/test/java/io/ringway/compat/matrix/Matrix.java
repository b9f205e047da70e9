package io.ringway.compat.matrix;

import io.ringway.compat.support.ThreadDump;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes every call in every state, in both modes, by platform threads, interrupted or not, and by virtual ones. A cell
 * is one of these; its text tells what the call returned or threw, and how the channel looks afterwards. A call that blocks is
 * ended by closing the channel, and the cell tells both.
 */
final class Matrix {
    /** How often in a row a call must be seen waiting before it is said to block, at a millisecond's distance. */
    private static final int PATIENCE = 60;

    private static final long END_SECONDS = 10;

    private final Surroundings surroundings;
    private final Predicate<String> wanted;
    private final List<String> cells = new ArrayList<>();

    private Matrix(Surroundings surroundings, Predicate<String> wanted) {
        this.surroundings = surroundings;
        this.wanted = wanted;
    }

    /** The texts of the wanted cells, each "name: outcome". */
    static List<String> run(int settleMillis, Predicate<String> wanted) throws Exception {
        try (Surroundings surroundings = new Surroundings(settleMillis)) {
            Matrix matrix = new Matrix(surroundings, wanted);
            for (SocketState state : SocketState.values()) {
                matrix.row("socket " + state, SocketChannel::open, state::reach, SocketCalls.ALL, SocketCalls::look);
            }
            for (ServerState state : ServerState.values()) {
                matrix.row(
                        "server " + state, ServerSocketChannel::open, state::reach, ServerCalls.ALL, ServerCalls::look);
            }
            return matrix.cells;
        }
    }

    /** How a call is made. */
    private enum Mode {
        BLOCKING(true, false, false),
        BLOCKING_INTERRUPTED(true, true, false),
        BLOCKING_VIRTUAL(true, false, true),
        NON_BLOCKING(false, false, false),
        NON_BLOCKING_INTERRUPTED(false, true, false);

        final boolean blocking;
        final boolean interrupted;
        final boolean virtual;

        Mode(boolean blocking, boolean interrupted, boolean virtual) {
            this.blocking = blocking;
            this.interrupted = interrupted;
            this.virtual = virtual;
        }
    }

    /** Opens a channel of the row's type. */
    @FunctionalInterface
    private interface Opening<C> {
        C open() throws IOException;
    }

    /** Brings it into the row's state. */
    @FunctionalInterface
    private interface Preparation<C> {
        void reach(C channel, Surroundings in) throws Exception;
    }

    private <C extends SelectableChannel> void row(
            String row,
            Opening<C> opening,
            Preparation<C> preparation,
            List<ChannelCall<C>> calls,
            ChannelCall.Action<C> look)
            throws Exception {
        for (ChannelCall<C> call : calls) {
            for (Mode mode : call.modal() ? EnumSet.allOf(Mode.class) : EnumSet.of(Mode.BLOCKING)) {
                String cell = row + " " + mode + " " + call.name();
                if (wanted.test(cell)) {
                    C channel = surroundings.remember(opening.open());
                    channel.configureBlocking(mode.blocking);
                    preparation.reach(channel, surroundings);
                    String outcome = outcome(channel, call, mode);
                    cells.add(cell + ": " + outcome + "; " + attempt(() -> look.run(channel, surroundings)));
                    surroundings.closeOpened();
                }
            }
        }
    }

    private <C extends SelectableChannel> String outcome(C channel, ChannelCall<C> call, Mode mode) throws Exception {
        FutureTask<String> task = new FutureTask<>(() -> {
            if (mode.interrupted) {
                Thread.currentThread().interrupt();
            }
            String text = attempt(() -> call.action().run(channel, surroundings));
            return Thread.interrupted() ? text + " interrupted" : text;
        });
        Thread thread = (mode.virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon())
                .name("cell " + call.name())
                .start(task);
        String ended = awaitEndOrBlock(task, thread);
        if (ended != null) {
            return ended;
        }
        channel.close();
        try {
            return "blocks, then " + task.get(END_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("still blocked although all is closed: " + ThreadDump.of(thread), e);
        }
    }

    private static @Nullable String awaitEndOrBlock(FutureTask<String> task, Thread thread)
            throws InterruptedException, ExecutionException {
        for (int seenWaiting = 0; seenWaiting < PATIENCE; ) {
            try {
                return task.get(1, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                seenWaiting = waits(thread) ? seenWaiting + 1 : 0;
            }
        }
        return null;
    }

    private static boolean waits(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        boolean idle = thread.getState() != Thread.State.RUNNABLE || stack.length != 0 && stack[0].isNativeMethod();
        return idle
                && Arrays.stream(stack).anyMatch(frame -> frame.getMethodName().equals("attempt"));
    }

    /** Something that may throw. */
    @FunctionalInterface
    private interface Attempt {
        @Nullable
        Object run() throws Exception;
    }

    private static String attempt(Attempt attempt) {
        try {
            return Texts.of(attempt.run());
        } catch (Exception e) {
            return Texts.of(e);
        }
    }
}
