package io.ringway.bench.pairs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the memory of idle connections is read, and how it is summed up. */
class IdleMemoryTest {
    private static final String LIMITS = """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             5                    5                    processes
        Max open files            %s                20000                files
        """;

    @Test
    void allThreePartsAreCounted() {
        Result result = new Result();
        new IdleMemory(5 << 10, 60 << 10, 700 << 10).report(new IdleMemory(1 << 10, 20 << 10, 300 << 10), 4, result);
        Map<String, String> line = Result.parse(result.toString());
        assertEquals("1.0", line.get("idle_heap_kib"));
        assertEquals("10.0", line.get("idle_mapped_kib"));
        assertEquals("100.0", line.get("idle_kernel_kib"));
        assertEquals("111.0", line.get("idle_kib_per_connection"));
    }

    @Test
    void onlyCachesThatSocketsAreMadeOfCount() {
        List<String> lines = List.of(
                "slabinfo - version: 2.1",
                "# name            <active_objs> <num_objs> <objsize> <objperslab>",
                "TCPv6                104    156   2496   13    8 : tunables    0    0    0",
                "ext4_inode_cache   38347  38402   1128   14    4 : tunables    0    0    0",
                "filp                  10     21    192   21    1 : tunables    0    0    0");
        assertEquals(104 * 2496 + 10 * 192, KernelMemory.cacheBytes(lines));
    }

    @Test
    void bufferedBytesAreCountedInPages() {
        List<String> lines = List.of("sockets: used 27", "TCP: inuse 1 orphan 0 tw 12 alloc 1 mem 103", "UDP: mem 9");
        assertEquals(103 * 4096, KernelMemory.bufferedBytes(lines));
    }

    @Test
    void thisKernelTellsSomething() throws Exception {
        assertTrue(KernelMemory.bytes(ProcessHandle.current().pid()) >= 0);
        assertTrue(IdleMemory.liveHeapBytes() > 0);
    }

    @Test
    void theLimitOfOpenFilesIsRead() {
        assertEquals(1024, OpenFiles.limit(LIMITS.formatted("1024 ")));
        assertEquals(Long.MAX_VALUE, OpenFiles.limit(LIMITS.formatted("unlimited")));
        assertEquals(Long.MAX_VALUE, OpenFiles.limit(""));
    }

    @Test
    void tooFewOpenFilesAreToldWithWhatToDo() throws Exception {
        OpenFiles.require(1);
        IllegalStateException told =
                assertThrows(IllegalStateException.class, () -> OpenFiles.require(Integer.MAX_VALUE));
        assertTrue(told.getMessage().contains("ulimit -n 2147483847"), told.getMessage());
    }
}
