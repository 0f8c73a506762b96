package org.outguard.mta.postfix;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.RestrictionStep.Setting;

/**
 * How fast one instance delivers: with {@code default_destination_rate_delay} set, qmgr(8) lets so much time pass between
 * two deliveries to one destination, which it then serves one at a time (postconf(5)). Transports that set a delay of
 * their own keep that.
 *
 * @param configuration its parameters
 * @param master lets it read them again
 */
record DeliveryRateDelay(PostfixConfiguration configuration, Master master) {

    static final String DELAY = "default_destination_rate_delay";
    private static final String OWN = "_destination_rate_delay";

    /** The command that slows down, as a person would type it. */
    String slowing(long seconds) {
        return configuration.writing(DELAY, seconds + "s");
    }

    /** The command that puts back what was set. */
    String freeing(List<Setting> settings) {
        return configuration.puttingBack(DELAY, settings);
    }

    /** Slows down; which transports that does not reach. */
    List<String> slow(long seconds, List<String> problems) {
        configuration.write(DELAY, seconds + "s").ifPresent(problems::add);
        master.readAgain().ifPresent(problems::add);
        if (!isSet(seconds)) {
            problems.add(DELAY + " is not in force");
        }
        List<String> own = new ArrayList<>(configuration.setNames());
        own.removeIf(name -> !name.endsWith(OWN) || name.equals(DELAY));
        return own.stream()
                .map(name -> name + " is set: its transport goes on as before")
                .toList();
    }

    /** Whether that delay is what is set. */
    boolean isSet(long seconds) {
        return configuration.effective(DELAY).orElse("").equals(seconds + "s");
    }

    /** Puts back what was set; where nothing is known of it, Postfix's own value, which is no delay. */
    void free(List<Setting> settings, List<String> problems) {
        Optional<String> old = configuration.old(DELAY, settings);
        Optional<String> problem =
                old.isPresent() ? configuration.write(DELAY, old.get()) : configuration.remove(DELAY);
        problem.ifPresent(problems::add);
        master.readAgain().ifPresent(problems::add);
        if (!configuration.set(DELAY).equals(old)) {
            problems.add(DELAY + " is not as it was");
        }
    }
}
