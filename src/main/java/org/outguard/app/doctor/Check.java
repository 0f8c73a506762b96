package org.outguard.app.doctor;

import java.util.List;
import org.outguard.headless.Finding;

/** Looks at one side of a machine's set-up and changes nothing. */
interface Check {

    List<Finding> look(CheckContext place);
}
