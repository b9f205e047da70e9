package io.ringway.compat.matrix;

import io.ringway.compat.support.ThreadDump;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes every call in every state, in both modes, by platform threads, interrupted or not, and by virtual ones. A cell
 * is one of these; its text tells what the call returned or threw, and how the channel looks afterwards. A call that blocks is
 * ended by closing the channel, and the cell tells both.
 */
final class Matrix {
    /**
     * How often in a row a call must be seen waiting before it is said to block, at a millisecond's distance: at first more
     * often than the longest time-out of a call, and more often yet where there is doubt.
     */
    private static final int PATIENCE = 25;

    private static final int LONG_PATIENCE = 80;
    private static final int LONG_SETTLE = 20;
    private static final int LANES = 4;

    private static final long END_SECONDS = 10;

    private final Surroundings surroundings;
    private final Predicate<String> wanted;
    private final int patience;
    private final IntPredicate mine;
    /** By number; which number a cell has is the same in every run. */
    private final Map<Integer, String> cells = new HashMap<>();

    private int next;

    private Matrix(Surroundings surroundings, int patience, Predicate<String> wanted, IntPredicate mine) {
        this.surroundings = surroundings;
        this.patience = patience;
        this.wanted = wanted;
        this.mine = mine;
    }

    /**
     * The texts of the wanted cells, each "name: outcome". Most of the time is waiting: at the fast pace, some are done at
     * once, each with surroundings of its own.
     */
    static List<String> run(int settleMillis, Predicate<String> wanted) throws Exception {
        boolean fast = settleMillis < LONG_SETTLE;
        int lanes = fast ? LANES : 1;
        List<Callable<Map<Integer, String>>> parts = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            int mine = lane;
            parts.add(() -> part(settleMillis, fast ? PATIENCE : LONG_PATIENCE, wanted, cell -> cell % lanes == mine));
        }
        Map<Integer, String> cells = new TreeMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(lanes)) {
            for (Future<Map<Integer, String>> part : threads.invokeAll(parts)) {
                cells.putAll(part.get());
            }
        }
        return List.copyOf(cells.values());
    }

    private static Map<Integer, String> part(
            int settleMillis, int patience, Predicate<String> wanted, IntPredicate mine) throws Exception {
        try (Surroundings surroundings = new Surroundings(settleMillis)) {
            Matrix matrix = new Matrix(surroundings, patience, wanted, mine);
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
                int number = next++;
                if (mine.test(number) && wanted.test(cell)) {
                    C channel = surroundings.remember(opening.open());
                    channel.configureBlocking(mode.blocking);
                    preparation.reach(channel, surroundings);
                    String outcome = outcome(channel, call, mode);
                    cells.put(number, cell + ": " + outcome + "; " + attempt(() -> look.run(channel, surroundings)));
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

    private @Nullable String awaitEndOrBlock(FutureTask<String> task, Thread thread)
            throws InterruptedException, ExecutionException {
        for (int seenWaiting = 0; seenWaiting < patience; ) {
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
