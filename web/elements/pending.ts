// A button that is pressed once: until what it began is done it is inactive, and says that it is at work.

export function pressed(
  work: (button: HTMLButtonElement) => Promise<unknown>,
): (event: Event) => Promise<void> {
  return async ({ currentTarget: button }) => {
    if (!(button instanceof HTMLButtonElement) || button.disabled) return
    const set = (isBusy: boolean): void => {
      button.disabled = isBusy
      button.ariaBusy = isBusy ? 'true' : null
    }
    set(true)
    try {
      await work(button)
    } finally {
      set(false)
    }
  }
}
