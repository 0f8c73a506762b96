package org.outguard.app.option;

import java.nio.file.Path;
import java.util.OptionalInt;
import org.outguard.app.host.LocalUsers;
import org.outguard.procfs.PasswdFile;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a local user by name or number; a name wins, as with chown(1). */
final class UserConverter implements ITypeConverter<Integer> {

    @Override
    public Integer convert(String word) {
        OptionalInt uid = new LocalUsers(new PasswdFile(Path.of("/etc/passwd"))).uidOf(word);
        if (uid.isEmpty() || uid.getAsInt() < 0) {
            throw new TypeConversionException("'" + word + "' is no user of this machine, and no number of one");
        }
        return uid.getAsInt();
    }
}
