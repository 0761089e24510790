import type { Ctx } from '../context.ts'
import { type Colour, contrast, readColours } from './colours.ts'

const SPACES = [4, 8, 12, 16, 24, 32, 48, 72]

/** Every raw colour with its name and its contrast against the paper. */
export function Colours({ ctx }: { ctx: Ctx }) {
  const colours = readColours()
  const paper = colours.find((colour) => colour.name === 'sand-0')!
  return (
    <>
      <p>{ctx.t('ui.design.contrast')}</p>
      <ul class="swatches">
        {colours.map((colour) => (
          <Swatch ctx={ctx} colour={colour} paper={paper} />
        ))}
      </ul>
    </>
  )
}

const Swatch = ({ ctx, colour, paper }: { ctx: Ctx; colour: Colour; paper: Colour }) => (
  <li>
    <svg class="swatch" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      <rect width="1" height="1" fill={colour.hex} />
    </svg>
    <b lang="en">{colour.name}</b>
    <small>
      {colour.hex} · {ctx.format.number(Math.round(contrast(colour.hex, paper.hex) * 10) / 10)} : 1
    </small>
  </li>
)

/** The sizes of type, as they look. */
export const Types = ({ ctx }: { ctx: Ctx }) => (
  <div class="flow specimen">
    <p class="h1">{ctx.t('ui.design.specimen')}</p>
    <p class="h2">{ctx.t('ui.design.specimen')}</p>
    <p class="h3">{ctx.t('ui.design.specimen')}</p>
    <p>{ctx.t('ui.design.specimen')}</p>
    <p class="quiet">{ctx.t('ui.design.specimen')}</p>
    <p class="source">{ctx.t('ui.design.specimen')}</p>
  </div>
)

/** The steps of space. */
export const Spaces = () => (
  <ul class="swatches spaces">
    {SPACES.map((space) => (
      <li>
        <svg class="swatch" viewBox="0 0 80 8" aria-hidden="true">
          <rect width={space} height="8" fill="#1f3d9c" />
        </svg>
        <small>{space} px</small>
      </li>
    ))}
  </ul>
)
