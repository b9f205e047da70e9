package io.ringway.compat.matrix;

import io.ringway.compat.support.Parent;
import java.util.Set;

/** Prints cells, and then a line that says that it was all. Arguments: milliseconds to settle, and the cells; none is all. */
final class MatrixOnJdk {
    static final String END = "end";

    private MatrixOnJdk() {}

    public static void main(String[] arguments) throws Exception {
        Set<String> names = Set.of(arguments[1].split(";"));
        boolean all = arguments[1].isEmpty();
        for (String cell : Matrix.run(Integer.parseInt(arguments[0]), name -> all || names.contains(name))) {
            Parent.tell(cell);
        }
        Parent.tell(END);
        System.exit(0);
    }
}
