// What keeps the program from starting, told in one line that says what to do about it. The entry
// points (server.ts, cli.ts) print the message and exit with 1; anything else thrown is our bug.
export class CannotStart extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CannotStart';
  }
}
