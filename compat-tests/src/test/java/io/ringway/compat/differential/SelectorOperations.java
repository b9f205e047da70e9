package io.ringway.compat.differential;

import io.ringway.compat.differential.Operation.Maker;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a program does with a {@link Selector} and its keys. */
final class SelectorOperations {
    private static final int ALL_OPS = 32;
    private static final int TIMEOUT = 2;

    static final List<Maker> ALL = List.of(
            SelectorOperations::open,
            SelectorOperations::register,
            SelectorOperations::register,
            SelectorOperations::register,
            SelectorOperations::interest,
            SelectorOperations::interest,
            SelectorOperations::keyState,
            SelectorOperations::cancel,
            SelectorOperations::select,
            SelectorOperations::select,
            SelectorOperations::selectNow,
            SelectorOperations::selectNow,
            SelectorOperations::selectWithAction,
            SelectorOperations::selectForEver,
            SelectorOperations::wakeup,
            SelectorOperations::deselect,
            SelectorOperations::selected,
            SelectorOperations::keys,
            SelectorOperations::close);

    private SelectorOperations() {}

    /** An action on a selector that is there. */
    @FunctionalInterface
    private interface OnSelector {
        @Nullable
        Object run(World world, Selector selector) throws Exception;
    }

    private static Operation on(Random random, String what, OnSelector action) {
        int i = random.nextInt(6) / 5;
        return new Operation("s" + i + " " + what, world -> {
            Selector selector = world.selector(i);
            return selector == null ? Operation.ABSENT : action.run(world, selector);
        });
    }

    /** An action on a channel and a selector that are there. */
    @FunctionalInterface
    private interface OnBoth {
        @Nullable
        Object run(SelectableChannel channel, Selector selector) throws Exception;
    }

    private static Operation with(Random random, String what, OnBoth action) {
        int c = random.nextInt(4) == 0 ? World.CHANNELS + World.someServer(random) : World.someChannel(random);
        return on(random, World.nameOfAny(c) + " " + what, (world, s) -> {
            SelectableChannel channel = world.any(c);
            return channel == null ? Operation.ABSENT : action.run(channel, s);
        });
    }

    static Operation open(Random random) {
        int i = random.nextInt(World.SELECTORS);
        return new Operation("s" + i + " open", world -> {
            Selector old = world.selector(i);
            if (old != null && old.isOpen()) {
                return "is open";
            }
            world.selectors.set(i, Selector.open());
            return "opened";
        });
    }

    /** Mostly operations that are valid for the channel. */
    private static int ops(int bits, SelectableChannel channel) {
        return bits == ALL_OPS - 1 ? bits : bits & channel.validOps();
    }

    static Operation register(Random random) {
        int bits = random.nextInt(ALL_OPS);
        boolean prepare = random.nextBoolean();
        return with(random, "register " + bits + (prepare ? " in non-blocking mode" : ""), (c, s) -> {
            if (prepare) {
                c.configureBlocking(false);
            }
            SelectionKey key = c.register(s, ops(bits, c), bits);
            return key.interestOps() + " " + key.attachment() + " " + (key == c.keyFor(s));
        });
    }

    static Operation interest(Random random) {
        int bits = random.nextInt(ALL_OPS);
        int way = random.nextInt(3);
        return with(random, "interest " + bits + " way " + way, (c, s) -> {
            SelectionKey key = c.keyFor(s);
            if (key == null) {
                return "no key";
            }
            return switch (way) {
                case 0 -> key.interestOps(ops(bits, c)).interestOps();
                case 1 -> key.interestOpsOr(ops(bits, c)) + " then " + key.interestOps();
                default -> key.interestOpsAnd(bits) + " then " + key.interestOps();
            };
        });
    }

    static Operation keyState(Random random) {
        return with(random, "key", (c, s) -> {
            SelectionKey key = c.keyFor(s);
            return key == null
                    ? "no key"
                    : (key.isValid() ? "valid " : "invalid ") + key.interestOps() + " " + key.readyOps() + " " + key;
        });
    }

    static Operation cancel(Random random) {
        return with(random, "cancel", (c, s) -> {
            SelectionKey key = c.keyFor(s);
            if (key == null) {
                return "no key";
            }
            key.cancel();
            return key.isValid() + (c.isRegistered() ? " registered" : "");
        });
    }

    private static String selectedOf(World world, Selector selector) {
        Set<SelectionKey> keys = selector.selectedKeys();
        synchronized (keys) {
            Set<String> names = new TreeSet<>();
            for (SelectionKey key : keys) {
                names.add(world.nameOf(key) + (key.isValid() ? ":" + key.readyOps() : " invalid"));
            }
            return names.toString();
        }
    }

    /** A selection, whose outcome is to be told. */
    @FunctionalInterface
    private interface Selection {
        Object run() throws Exception;
    }

    private static String selecting(World world, Selector selector, Selection selection) throws Exception {
        Object outcome;
        String selected;
        boolean alone = false;
        world.selections.enter(selector);
        try {
            outcome = selection.run();
            selected = selectedOf(world, selector);
        } finally {
            alone = world.selections.leave(selector);
        }
        return outcome + " " + (alone ? selected : "beside another one");
    }

    static Operation select(Random random) {
        return on(random, "select shortly", (world, s) -> selecting(world, s, () -> s.select(TIMEOUT)));
    }

    static Operation selectNow(Random random) {
        return on(random, "selectNow", (world, s) -> selecting(world, s, s::selectNow));
    }

    static Operation selectWithAction(Random random) {
        return on(random, "selectNow with action", (world, s) -> {
            Set<String> given = new TreeSet<>();
            return selecting(world, s, () -> {
                int n = s.selectNow(key -> given.add(world.nameOf(key) + ":" + key.readyOps()));
                return n + " " + given;
            });
        });
    }

    static Operation selectForEver(Random random) {
        return on(random, "select", (world, s) -> selecting(world, s, s::select));
    }

    static Operation wakeup(Random random) {
        return on(random, "wakeup", (world, s) -> {
            s.wakeup();
            return s.isOpen();
        });
    }

    static Operation deselect(Random random) {
        boolean all = random.nextBoolean();
        return on(random, "deselect " + (all ? "all" : "the servers"), (world, s) -> {
            Set<SelectionKey> keys = s.selectedKeys();
            synchronized (keys) {
                if (all) {
                    keys.clear();
                }
                for (Iterator<SelectionKey> i = keys.iterator(); i.hasNext(); ) {
                    if (world.nameOf(i.next()).startsWith("l")) {
                        i.remove();
                    }
                }
                return keys.size();
            }
        });
    }

    static Operation selected(Random random) {
        return on(random, "selected", SelectorOperations::selectedOf);
    }

    static Operation keys(Random random) {
        return on(random, "keys", (world, s) -> {
            Set<String> names = new TreeSet<>();
            for (SelectionKey key : s.keys()) {
                names.add(world.nameOf(key) + (key.isValid() ? "" : " invalid"));
            }
            return s.keys().size() + " " + names;
        });
    }

    static Operation close(Random random) {
        boolean rare = random.nextInt(3) != 0;
        return on(random, "close", (world, s) -> {
            if (rare) {
                return "not now";
            }
            s.close();
            return "closed";
        });
    }
}
