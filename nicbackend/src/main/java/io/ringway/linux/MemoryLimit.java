package io.ringway.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What memory this process may use: the machine's, and the bounds of its control groups (version 1 and 2). */
final class MemoryLimit {
    private MemoryLimit() {}

    /**
     * Reads the bound.
     *
     * @param root where {@code proc} and the mount points are found; a test's own folder, or the root
     * @return bytes; {@link Long#MAX_VALUE} where nothing can be read
     */
    static long read(Path root) {
        long limit = physical(root);
        for (String group : lines(root.resolve("proc/self/cgroup"))) {
            int first = group.indexOf(':');
            int second = group.indexOf(':', first + 1);
            if (first < 0 || second < 0) {
                continue;
            }
            String controllers = group.substring(first + 1, second);
            String path = group.substring(second + 1);
            if (controllers.isEmpty()) {
                limit = Math.min(limit, bound(root, "cgroup2", "", path, "memory.max"));
            } else if (contains(controllers, "memory")) {
                limit = Math.min(limit, bound(root, "cgroup", "memory", path, "memory.limit_in_bytes"));
            }
        }
        return limit;
    }

    private static long physical(Path root) {
        for (String line : lines(root.resolve("proc/meminfo"))) {
            if (line.startsWith("MemTotal:") && line.endsWith(" kB")) {
                long kilobytes = number(line.substring(9, line.length() - 3).trim());
                return kilobytes == Long.MAX_VALUE ? kilobytes : kilobytes << 10;
            }
        }
        return Long.MAX_VALUE;
    }

    /** The smallest bound from the process's group up to the mount point. */
    private static long bound(Path root, String type, String option, String group, String file) {
        for (String line : lines(root.resolve("proc/self/mountinfo"))) {
            String[] fields = line.split(" ");
            int dash = separator(fields);
            if (dash < 6 || fields.length < dash + 4 || !fields[dash + 1].equals(type)) {
                continue;
            }
            if (!option.isEmpty() && !contains(fields[dash + 3], option)) {
                continue;
            }
            Path top = root.resolve(fields[4].substring(1));
            return smallest(top, directory(top, fields[3], group), file);
        }
        return Long.MAX_VALUE;
    }

    private static Path directory(Path top, String mountedRoot, String group) {
        String inside = group;
        if (!mountedRoot.equals("/")) {
            // In a container without a namespace of its own, the mount shows a part of the tree.
            inside = group.startsWith(mountedRoot) ? group.substring(mountedRoot.length()) : "/";
        }
        Path directory =
                top.resolve(inside.isEmpty() ? "" : inside.substring(1)).normalize();
        return directory.startsWith(top) ? directory : top;
    }

    private static long smallest(Path top, Path directory, String file) {
        long limit = Long.MAX_VALUE;
        @Nullable Path at = directory;
        while (at != null && at.startsWith(top)) {
            List<String> text = lines(at.resolve(file));
            if (!text.isEmpty()) {
                limit = Math.min(limit, number(text.get(0).trim()));
            }
            at = at.getParent();
        }
        return limit;
    }

    private static int separator(String[] fields) {
        for (int i = 0; i < fields.length; i++) {
            if (fields[i].equals("-")) {
                return i;
            }
        }
        return -1;
    }

    private static boolean contains(String list, String name) {
        for (String item : list.split(",")) {
            if (item.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** {@link Long#MAX_VALUE} for "max" and for anything else that isn't a number. */
    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
