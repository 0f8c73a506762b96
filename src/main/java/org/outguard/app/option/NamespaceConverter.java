package org.outguard.app.option;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a network namespace, which is that of a file of /run/netns (ip-netns(8)). */
public final class NamespaceConverter implements ITypeConverter<String> {

    @Override
    public String convert(String text) {
        if (text.isEmpty() || text.contains("/") || text.startsWith(".")) {
            throw new TypeConversionException("'" + text + "' is no name of a network namespace");
        }
        return text;
    }
}
