package org.outguard.tui.terminal;

import java.util.Arrays;

/** Bytes that grow. */
final class Bytes {

    private byte[] array = new byte[8_192];
    private int length;

    byte[] array() {
        return array;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    void one(char c) {
        room(1);
        array[length++] = (byte) c;
    }

    void number(int value) {
        ascii(Integer.toString(value));
    }

    void ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            array[length++] = (byte) text.charAt(i);
        }
    }

    void raw(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, array, length, bytes.length);
        length += bytes.length;
    }

    private void room(int more) {
        if (length + more > array.length) {
            array = Arrays.copyOf(array, Math.max(array.length * 2, length + more));
        }
    }
}
