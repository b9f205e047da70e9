package io.ringway.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The threads of the JVM's compilers, where they have two processors to run on, and how they leave one of them to others
 * for a while. It is the one with the lower number, so that several processes leave the same one. One thread.
 */
public final class CompilerThreads {
    private static final String THREADS = "/proc/self/task";
    /** What they are called, as far as the kernel keeps names: HotSpot's two, and those of compilers behind JVMCI. */
    private static final List<String> NAMES = List.of("C1 Compil", "C2 Compil", "JVMCI Com");

    private final int left;
    private final int kept;

    private CompilerThreads(int left, int kept) {
        this.left = left;
        this.kept = kept;
    }

    /**
     * Has all of them leave the same one of two processors. Does nothing if it isn't two, the same for all.
     *
     * @return what takes it back
     */
    public static CompilerThreads leaveOneOfTwo() {
        List<Integer> threads = find();
        int left = -1;
        int kept = -1;
        for (int thread : threads) {
            try (ProcessorSet permitted = ProcessorSet.of(thread)) {
                int first = permitted.first();
                if (permitted.size() != 2 || left >= 0 && first != left) {
                    return new CompilerThreads(-1, -1);
                }
                permitted.remove(first);
                int second = permitted.first();
                if (kept >= 0 && second != kept) {
                    return new CompilerThreads(-1, -1);
                }
                left = first;
                kept = second;
            }
        }
        CompilerThreads restrained = new CompilerThreads(left, kept);
        if (left >= 0) {
            restrained.change(threads, 2);
        }
        return restrained;
    }

    /** Whether there is anything to take back. */
    public boolean areRestrained() {
        return left >= 0;
    }

    /**
     * Takes it back, also for those that were started meanwhile: they inherited it. Threads whose processors somebody else
     * has changed stay as they are.
     */
    public void release() {
        if (left >= 0) {
            change(find(), 1);
        }
    }

    /** Takes a processor from those threads that have two, or gives it back to those that have one. */
    private void change(List<Integer> threads, int size) {
        for (int thread : threads) {
            try (ProcessorSet permitted = ProcessorSet.of(thread)) {
                if (permitted.size() != size || !permitted.contains(kept)) {
                    continue;
                }
                if (size == 1) {
                    permitted.add(left);
                } else {
                    permitted.remove(left);
                }
                permitted.permit(thread);
            }
        }
    }

    /** Their numbers. */
    static List<Integer> find() {
        List<Integer> found = new ArrayList<>();
        String[] threads = new File(THREADS).list();
        for (int i = 0; threads != null && i < threads.length; i++) {
            if (isCompiler(threads[i])) {
                found.add(Integer.parseInt(threads[i]));
            }
        }
        return found;
    }

    private static boolean isCompiler(String thread) {
        try {
            byte[] name = Files.readAllBytes(Path.of(THREADS, thread, "comm"));
            for (String compiler : NAMES) {
                if (startsWith(name, compiler)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            // It has just ended.
            return false;
        }
    }

    private static boolean startsWith(byte[] name, String start) {
        int same = 0;
        while (same < start.length() && same < name.length && name[same] == start.charAt(same)) {
            same++;
        }
        return same == start.length();
    }
}
