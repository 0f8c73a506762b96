/* The compiled programs, within the library: nothing to look for where it is installed. */
	.section .rodata
	.balign 16
	.global eye_object
	.hidden eye_object
eye_object:
	.incbin EYE_OBJECT
	.global eye_object_end
	.hidden eye_object_end
eye_object_end:
	.byte 0
	.balign 16
	.global plain_object
	.hidden plain_object
plain_object:
	.incbin PLAIN_OBJECT
	.global plain_object_end
	.hidden plain_object_end
plain_object_end:
	.byte 0
	.section .note.GNU-stack, "", %progbits
