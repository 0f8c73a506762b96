package org.outguard.tui.table;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What rows can be filtered by.
 *
 * @param <R> what a row holds
 * @param name as it is typed
 * @param texts its texts, for one that holds text
 * @param number its number, for one that holds a number
 */
public record Field<R>(String name, Optional<Function<R, List<String>>> texts, Optional<ToDoubleFunction<R>> number) {

    public static <R> Field<R> text(String name, Function<R, String> text) {
        return texts(name, row -> List.of(text.apply(row)));
    }

    public static <R> Field<R> texts(String name, Function<R, List<String>> texts) {
        return new Field<>(name, Optional.of(texts), Optional.empty());
    }

    public static <R> Field<R> number(String name, ToDoubleFunction<R> number) {
        return new Field<>(name, Optional.empty(), Optional.of(number));
    }
}
