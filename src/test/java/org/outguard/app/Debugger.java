package org.outguard.app;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.ListeningConnector;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Throws an Error in any thread of a program, wherever that is; by what debuggers use (JDWP), since Java has no way of its own to
 * do so since 20.
 */
final class Debugger implements AutoCloseable {

    private final ListeningConnector connector = Bootstrap.virtualMachineManager().listeningConnectors().stream()
            .filter(one -> one.name().equals("com.sun.jdi.SocketListen"))
            .findFirst()
            .orElseThrow();
    private final Map<String, Connector.Argument> arguments = connector.defaultArguments();
    private final String address;

    Debugger(Duration patience) throws Exception {
        arguments.get("localAddress").setValue("127.0.0.1");
        arguments.get("port").setValue("0");
        arguments.get("timeout").setValue(Long.toString(patience.toMillis()));
        address = connector.startListening(arguments);
    }

    /** What a Java is started with, so that it reports here. */
    String option() {
        return "-agentlib:jdwp=transport=dt_socket,server=n,suspend=n,address="
                + address.replaceFirst(".*:", "127.0.0.1:");
    }

    /** Takes what a Java that was started with the option reports; it does not begin before. */
    Attached attach() throws IOException, IllegalConnectorArgumentsException {
        return new Attached(connector.accept(arguments));
    }

    /** A program that goes on, with a debugger that does nothing until it is told. */
    record Attached(VirtualMachine machine) {

        /** Throws {@link PlantedError#PLANTED} in the thread of this name, as soon as it is there and has begun its work. */
        void plant(String thread, Duration patience) throws Exception {
            Patience.until(
                    () -> "the thread " + thread + " is there",
                    patience,
                    () -> find(thread).isPresent());
            // It is not just being made.
            Thread.sleep(1500);
            List<ReferenceType> types = machine.classesByName(PlantedError.class.getName());
            ReferenceType type = types.get(0);
            ObjectReference planted = (ObjectReference) type.getValue(type.fieldByName("PLANTED"));
            find(thread).orElseThrow().stop(planted);
            machine.dispose();
        }

        private Optional<ThreadReference> find(String thread) {
            return machine.allThreads().stream()
                    .filter(one -> one.name().equals(thread))
                    .findFirst();
        }
    }

    @Override
    public void close() throws IOException, IllegalConnectorArgumentsException {
        connector.stopListening(arguments);
    }
}
