/**
 * Something the operator has to put right before Hamsafar can run: a setting, a folder, a database.
 * The message is one sentence for the terminal (what is wrong, what to do); no stack is shown.
 */
export class CannotStart extends Error {
  override name = 'CannotStart'
}
