java=$home/runtime/bin/java
version="@VERSION_FLAGS@"
