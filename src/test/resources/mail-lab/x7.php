<?php
// What a hacked site does: COUNT messages by mail(), as fast as they are taken.
$sent = 0;
for ($i = 0; $i < (int) $argv[1]; $i++) {
    $sent += mail("v$i@slow.example", "Cheap watches $i", "buy now, only today\n", "From: Shop <www-data@mail.example.org>") ? 1 : 0;
}
echo "$sent\n";
