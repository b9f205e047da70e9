package io.ringway.memory;

/**
 * The type of a parameter that is always null, in methods that are to be compiled once and not once more into each of their
 * callers. HotSpot's second compiler copies no method into another that has a class in its signature which isn't loaded,
 * and this one never is: {@code ringway.jar} doesn't contain it. (Where classes are run from their directories it is there, and
 * has no effect.)
 *
 * <p>Without such places the compiler copies the way of a message, which is long, into everything that polls or writes,
 * and into the program's own event loop, a dozen times over, and a process takes seconds of both processors until it is
 * fast. Only in classes that no program gets an object of: to ask such a class for its methods fails. Never in a
 * constructor.
 */
public final class OutOfLine {
    private OutOfLine() {}
}
