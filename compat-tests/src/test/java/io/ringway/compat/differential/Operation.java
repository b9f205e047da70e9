package io.ringway.compat.differential;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Something that a program does with the objects of a {@link World}; the name has all arguments. */
record Operation(String name, Action action) {
    /** What an operation says of an object that isn't there. */
    static final String ABSENT = "absent";

    /** Returns what the transcript shall show. */
    @FunctionalInterface
    interface Action {
        @Nullable
        Object run(World world) throws Exception;
    }

    /** Makes an operation with arguments of the generator's choice. */
    @FunctionalInterface
    interface Maker {
        Operation make(Random random);
    }
}
