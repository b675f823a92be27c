// A text as a QR code, in HTML. The only importer of uqr.

import { encode } from 'uqr'
import { escapeHtml } from '../../shared/kit/text/html.ts'

/** Modules of white around it, without which cameras do not find it. */
const QUIET = 4

/** Dark on white whatever the page looks like: apps read no other. @param label what it is, for whoever does not see it */
export function qrCodeHtml(text: string, label: string): string {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET })
  const dark = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return `<svg class="qr" role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">
    <rect width="${size}" height="${size}" fill="#fff"/><path fill="#000" d="${dark}"/></svg>`
}
