# Hands mail in as the user that runs it, a few hundred messages at most: lab-hand-in.sh SENDMAIL spam|report
#
# "spam" is what a hacked site does by mail() of PHP, which names the script in each message (mail.add_x_header): five messages
# a second, after the first hundred one a second. "report" is a job that tells its admin every ten seconds how it went. What
# is not taken, because the user is banned for instance, is not handed in again.
sendmail=$1 what=$2

spam() {
    count=0
    while [ "$count" -lt 400 ]; do
        # What becomes of them the relay decides by the domain.
        case $((count % 10)) in
            [0-3]) domain=example.com ;;
            [4-6]) domain=example.net ;;
            *) domain=customers.example ;;
        esac
        "$sendmail" -t -i <<MAIL
To: v$count@$domain
Subject: Cheap watches $count
X-PHP-Originating-Script: $(id -u):x7.php

buy now, only today
MAIL
        count=$((count + 1))
        if [ "$count" -lt 100 ]; then sleep 0.2; else sleep 1; fi
    done
}

report() {
    count=0
    while [ "$count" -lt 60 ]; do
        "$sendmail" -t -i <<MAIL
To: admin@example.com
Subject: backup $count is done

All files were copied.
MAIL
        count=$((count + 1))
        sleep 10
    done
}

"$what"
