/*
 * reaper.h - pid 1 of the run after its own filter is on.
 *
 * The system calls it makes from then on, and no others; the bundle's REAPER section must allow exactly these
 * (any arguments) and may answer everything else as it likes:
 *
 *   write            once: "confined" to the parent
 *   ppoll            the parent's socket and the SIGCHLD descriptor
 *   read             the SIGCHLD descriptor
 *   wait4            every child that ended
 *   exit_group       with the program's status
 *   restart_syscall  a stop by the tracer inside ppoll
 *   (rt_sigreturn is not needed: it has no handlers)
 */
#ifndef ABP_REAPER_H
#define ABP_REAPER_H

/* Numbers for the generator of that section. */
#define REAPER_CALLS                                                                                         \
	{                                                                                                    \
		"write", "ppoll", "read", "wait4", "exit_group", "restart_syscall"                           \
	}

#endif
