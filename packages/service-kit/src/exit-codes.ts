/**
 * How a process ends that should not be started again as it is: sysexits.h's EX_CONFIG. The primary, PM2 and
 * systemd can tell it from a crash, which ends with 1.
 */
export const configurationExitCode = 78

/** How a process ends that may be started again as it is, in time: sysexits.h's EX_TEMPFAIL. */
export const temporaryExitCode = 75
