import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../root.ts'

export type Colour = { name: string; hex: string }

/** The raw colours of tokens.css, in their order. The style sheet is their only source. */
export function readColours(): Colour[] {
  const css = readFileSync(join(ROOT, 'src/kernel/ui/styles/tokens.css'), 'utf8')
  return [...css.matchAll(/--([a-z]+(?:-\d+)?): (#[0-9a-f]{3,6});/g)].map(([, name, hex]) => ({
    name: name!,
    hex: hex!,
  }))
}

/** WCAG 2.2 contrast of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(hex: string): number {
  const long = hex.length === 4 ? `#${[...hex.slice(1)].map((digit) => digit + digit).join('')}` : hex
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(long.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
