import { systemClock, type Clock } from '../../infrastructure/server/supervisor';

/** Tells when the user has done nothing for a while, and when they are back. */
export class IdleWatch {
  private idle = false;
  private cancel: () => void = () => {};

  constructor(
    private readonly tell: (idle: boolean) => void,
    private readonly afterMs = 3 * 60_000,
    private readonly clock: Clock = systemClock,
  ) {
    this.wait();
  }

  get isIdle(): boolean {
    return this.idle;
  }

  /** The user typed, moved or came back to the window. */
  active(): void {
    if (this.idle) {
      this.idle = false;
      this.tell(false);
    }
    this.wait();
  }

  dispose(): void {
    this.cancel();
  }

  private wait(): void {
    this.cancel();
    this.cancel = this.clock.after(this.afterMs, () => {
      this.idle = true;
      this.tell(true);
    });
  }
}
