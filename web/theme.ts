// Light, dark, or as the device has it.

const KEY = 'bellhop.theme'
export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export const currentTheme = (): Theme => THEMES.find((each) => each === localStorage.getItem(KEY)) ?? 'system'

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme)
  applyTheme()
}

export function applyTheme(): void {
  document.documentElement.dataset['theme'] = currentTheme()
}
