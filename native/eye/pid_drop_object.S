/* The compiled program that drops by process, within the library: nothing to look for where it is installed. */
	.section .rodata
	.balign 16
	.global pid_drop_object
	.hidden pid_drop_object
pid_drop_object:
	.incbin PID_DROP_OBJECT
	.global pid_drop_object_end
	.hidden pid_drop_object_end
pid_drop_object_end:
	.byte 0
	.section .note.GNU-stack, "", %progbits
