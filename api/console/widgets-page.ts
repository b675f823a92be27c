// The page that shows the widgets, each beside the lines that embed it.

import { pageOf, type Assets } from './page.ts'

export const WIDGETS_PATH = '/widgets'

/** @param widgets the script under the name of what is in it, and the hash by which a page insists on that */
export const widgetsPage = (assets: Assets, widgets: { script: string; integrity: string }): string =>
  pageOf(
    assets,
    'Bellhop widgets',
    `<bellhop-showcase script="${WIDGETS_PATH}/${widgets.script}" integrity="${widgets.integrity}"></bellhop-showcase>
    <script type="module" src="${WIDGETS_PATH}/${widgets.script}" integrity="${widgets.integrity}"></script>`,
  )
