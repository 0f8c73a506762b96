package org.outguard.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.procfs.TestFiles;
import org.outguard.trace.tree.ForeignText;

class CmsTest {

    @TempDir
    private Path root;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    WordPress | 6.4.2 | wp-includes/version.php | <?php $wp_version = '6.4.2';
                    Joomla | 4.4.1 | administrator/manifests/files/joomla.xml | <extension version="3"><version>4.4.1</version>
                    Drupal | 10.1.5 | core/lib/Drupal.php | class Drupal { const VERSION = '10.1.5'; }
                    Drupal | 7.98 | includes/bootstrap.inc | define('VERSION', '7.98');
                    PrestaShop | 1.6.1.24 | config/settings.inc.php | define('_PS_VERSION_', '1.6.1.24');
                    PrestaShop | 8.1.2 | src/Core/Version.php | class Version { public const VERSION = '8.1.2'; }
                    """)
    void theVersionIsReadWhereEachKeepsIt(String name, String version, String file, String text) throws IOException {
        write("/var/www/a/" + file, text);
        assertThat(of("/var/www/a/deep/er/x.php")).isEqualTo(new Cms(name, version, "/var/www/a", "", ""));
    }

    @Test
    void magentoSaysItInItsPackages() throws IOException {
        write("/var/www/a/app/etc/di.xml", "<!-- Copyright Magento, Inc. -->");
        write(
                "/var/www/a/composer.json",
                "{\"require\":{\"magento/product-community-edition\":\"2.4.6\",\"x/y\":\"1\"}}");
        write("/var/www/a/app/code/Acme/Pay/etc/module.xml", "<config/>");
        assertThat(of("/var/www/a/app/code/Acme/Pay/x.php"))
                .isEqualTo(new Cms("Magento", "2.4.6", "/var/www/a", "code Acme/Pay", ""));
    }

    @Test
    void aFrameworkIsNoShop() throws IOException {
        write("/var/www/a/app/AppKernel.php", "<?php class AppKernel extends Kernel {}");
        write("/var/www/b/includes/bootstrap.inc", "<?php require 'db.inc';");
        assertThat(Cms.of(texts(), "/var/www/a/web/x.php")).isEmpty();
        assertThat(Cms.of(texts(), "/var/www/b/x.php")).isEmpty();
    }

    @Test
    void aVersionThatCannotBeReadIsEmpty() throws IOException {
        write("/var/www/a/wp-includes/version.php", "<?php /* WordPress */ $wp_version = require 'v.php';");
        assertThat(of("/var/www/a/x.php")).isEqualTo(new Cms("WordPress", "", "/var/www/a", "", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    plugins/forms/inc/up.php | plugins/forms/forms.php | /* * Version: 2.1.3 */ | plugin forms | 2.1.3
                    plugins/form-7/x.php | plugins/form-7/readme.txt | Stable tag: 5.8 | plugin form-7 | 5.8
                    themes/plain/404.php | themes/plain/style.css | Version: 1.2 | theme plain | 1.2
                    plugins/hello.php | plugins/hello.php | Version: 1.7.2 | plugin hello.php | 1.7.2
                    mu-plugins/boot/a.php | plugins/other/other.php | Version: 9 | mu-plugin boot | ''
                    """)
    void aPluginAndItsVersionAreNamed(String file, String about, String text, String component, String version)
            throws IOException {
        write("/srv/www/a/wp-includes/version.php", "<?php $wp_version = '6.0';");
        write("/srv/www/a/wp-content/" + about, "<?php\n" + text.replace("/* *", "/*\n *") + "\n");
        assertThat(of("/srv/www/a/wp-content/" + file))
                .isEqualTo(new Cms("WordPress", "6.0", "/srv/www/a", component, version));
    }

    @Test
    void aModuleOfJoomlaIsNamed() throws IOException {
        write("/srv/www/j/administrator/manifests/files/joomla.xml", "<version>4.4.1</version>");
        write("/srv/www/j/administrator/components/com_media/media.xml", "<version>3.0</version>");
        assertThat(of("/srv/www/j/administrator/components/com_media/tmp/x.php"))
                .isEqualTo(new Cms("Joomla", "4.4.1", "/srv/www/j", "component com_media", "3.0"));
    }

    private Cms of(String file) {
        return Cms.of(texts(), file).orElseThrow();
    }

    private ForeignText texts() {
        return new ForeignText(root, new TestFiles());
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
