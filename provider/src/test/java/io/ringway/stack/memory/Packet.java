package io.ringway.stack.memory;

/** A packet on a wire that can lose. */
record Packet(MemoryLink link, byte[] bytes, int headerLength, long due, long number) implements Comparable<Packet> {
    @Override
    public int compareTo(Packet other) {
        return due != other.due ? Long.compare(due, other.due) : Long.compare(number, other.number);
    }
}
