/** The road to the horizon: the picture of the home page. It says nothing that the words beside it do not say. */
export const RoadDrawing = () => (
  <svg class="view" viewBox="0 70 720 230" preserveAspectRatio="xMaxYMin slice" aria-hidden="true">
    <path fill="#fbe3c4" d="M0 96h720v204H0z" />
    <path fill="#fdebd2" d="M0 132c180-26 330 20 720-14v182H0z" />
    <path fill="#f9d3a3" opacity=".55" d="M0 214c220-50 420 26 720-34v120H0z" />
    <path stroke="#93a8df" stroke-width="2" d="M0 96h720" />
    <g fill="#93a8df" opacity=".7">
      <path id="peak" d="M24 86h4v3h4v4h4v3H16v-3h4v-4h4z" />
      {Array.from({ length: 13 }, (_, index) => (
        <use href="#peak" x={52 * (index + 1)} />
      ))}
    </g>
    <path
      fill="#fffdf9"
      d="M120 300C300 222 520 236 486 166 472 134 520 110 566 97c-28 18-40 36-14 66C622 236 560 256 470 300z"
    />
    <path
      fill="#1f3d9c"
      d="M96 300C290 214 504 232 476 168 462 132 516 108 566 96 524 110 482 136 496 168 528 240 330 228 136 300z"
    />
    <path
      fill="#ef9f4a"
      d="M496 300C606 248 616 226 556 166 528 136 538 114 566 96c-36 22-46 42-24 68C604 234 566 250 452 300z"
    />
    <path
      fill="#93a8df"
      d="m306 268 22-11 26 8-24 12zM446 238l16-9 18 6-16 9zM516 205l8-7 13 5-8 7zM519 171l5-6 10 3-5 6zM516 147l4-4 7 2-4 4zM528 128l3-3 5 1.5-3 3z"
    />
  </svg>
)
