/** Letters typed into one field without a longer pause are one step of undo. */
const PAUSE = 1_000;

/** Which field is being typed into, so that a letter continues the step of the one before it. */
export class Typing {
  private field: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Note a letter; whether it continues the step before it. */
  goesOn(field: string): boolean {
    const continues = this.field === field;
    this.rest();
    this.field = field;
    this.timer = setTimeout(() => this.end(), PAUSE);
    return continues;
  }

  /** Wait as long as it takes: a drag may rest for a while and is still the same one. */
  rest(): void {
    clearTimeout(this.timer);
  }

  end(): void {
    this.rest();
    this.field = null;
  }
}
