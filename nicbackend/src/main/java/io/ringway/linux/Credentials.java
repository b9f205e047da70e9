package io.ringway.linux;

/**
 * Who made the other end of a {@link LocalSocket}, as the kernel recorded it when it was made.
 *
 * @param pid process id in this process's PID namespace; 0 where it isn't visible there
 * @param uid effective user id
 * @param gid effective group id
 */
public record Credentials(int pid, int uid, int gid) {}
