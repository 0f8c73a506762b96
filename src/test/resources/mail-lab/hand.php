<?php
// As hand.py.
[, $address, $sender, $recipient] = $argv;
$connection = stream_socket_client('tcp://' . (strpos($address, ':') === false ? $address : "[$address]") . ':25', $e, $why, 20);
function answer($code) {
    global $connection;
    do {
        $line = fgets($connection);
    } while (substr($line, 3, 1) === '-');
    if (strncmp($line, $code, 3) !== 0) {
        exit("$line\n");
    }
}
answer('220');
foreach ([['HELO localhost', '250'], ["MAIL FROM:<$sender>", '250'], ["RCPT TO:<$recipient>", '250'], ['DATA', '354'],
          ["From: $sender\r\nTo: $recipient\r\nSubject: short\r\n\r\nhello\r\n.", '250']] as [$verb, $code]) {
    fwrite($connection, "$verb\r\n");
    answer($code);
}
fwrite($connection, "QUIT\r\n");
echo "taken\n";
