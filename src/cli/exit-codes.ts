// What the exit codes of the commands say; docs and help tell them from here.

export const EXIT_CODES = {
  fine: 0,
  failing: 1,
  usage: 2,
  cannotTell: 3,
  rolledBack: 4,
  timedOut: 5,
  notFound: 6,
  overtaken: 7,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** A command cannot do what it was asked to, and says why. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT_CODES.cannotTell, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The command line itself is wrong; the message says what to write instead. */
export class UsageError extends CommandError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, EXIT_CODES.usage, options);
  }
}
