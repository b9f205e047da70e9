package io.ringway.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The threads of the JVM's compilers, where they have two processors to run on, and how they leave one of them to others
 * for a while. It is the one with the lower number, so that several processes with the same processors leave the same one.
 * What a compiler starts are compilers, so that nothing else inherits it. One thread.
 */
public final class CompilerThreads {
    private static final String THREADS = "/proc/self/task";
    /** What they are called, as far as the kernel keeps names: HotSpot's two, and those of compilers behind JVMCI. */
    private static final List<String> NAMES = List.of("C1 Compil", "C2 Compil", "JVMCI Com", "JVMCI-nat");

    /** Compilers that were started while their processors were given back are found by looking again, so often at most. */
    private static final int LOOKS = 4;

    private final List<Integer> found = find();
    private int left = -1;
    private int kept = -1;
    /** Nobody has said where threads of this process may run: they may use whatever processors there are. */
    private boolean unlimited;

    /** Looks for them; changes nothing. */
    public CompilerThreads() {
        for (int thread : found) {
            if (!isLikeTheOthers(thread)) {
                left = -1;
                return;
            }
        }
    }

    /** Has the same two processors as those that were looked at before. */
    private boolean isLikeTheOthers(int thread) {
        try (ProcessorSet permitted = ProcessorSet.of(thread)) {
            int first = permitted.first();
            if (permitted.size() != 2 || left >= 0 && first != left) {
                return false;
            }
            permitted.remove(first);
            int second = permitted.first();
            if (kept >= 0 && second != kept) {
                return false;
            }
            left = first;
            kept = second;
            return true;
        }
    }

    /** Whether all of them have the same two processors, so that {@link #restrain} does something. */
    public boolean haveTwo() {
        return left >= 0;
    }

    /** Has all of them leave the first processor. Use {@link #release} afterwards, whatever happens. */
    public void restrain() {
        if (left >= 0) {
            unlimited = isUnlimited();
            change(found, 2);
        }
    }

    /**
     * Takes it back, also for those that were started meanwhile: they inherited it. Threads whose processors somebody else
     * has changed stay as they are.
     */
    public void release() {
        int looks = 0;
        while (left >= 0 && looks < LOOKS && change(find(), 1)) {
            looks++;
        }
    }

    /** Takes a processor from those threads that have two, or gives it back to those that have one; whether there were any. */
    private boolean change(List<Integer> threads, int size) {
        boolean changed = false;
        for (int thread : threads) {
            try (ProcessorSet permitted = ProcessorSet.of(thread)) {
                if (permitted.size() == size && permitted.contains(kept)) {
                    if (size == 2) {
                        permitted.remove(left);
                    } else if (unlimited) {
                        permitted.addAll();
                    } else {
                        permitted.add(left);
                    }
                    changed |= permitted.permit(thread);
                }
            }
        }
        return changed;
    }

    /**
     * Whether the two processors are all that there are for this process, and not what somebody has chosen: then threads get
     * more of them if the process does, as long as nobody chooses. Tried out on the calling thread.
     */
    private boolean isUnlimited() {
        try (ProcessorSet own = ProcessorSet.of(0);
                ProcessorSet all = ProcessorSet.of(0)) {
            all.addAll();
            if (!all.permit(0)) {
                return false;
            }
            try (ProcessorSet given = ProcessorSet.of(0)) {
                return given.size() == 2 && given.contains(left) && given.contains(kept);
            } finally {
                own.permit(0);
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
