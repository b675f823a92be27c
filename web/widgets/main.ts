// The one script of the widgets: /widgets/bellhop.js.

import './approvals.ts'
import './bell.ts'
import './chat.ts'
import './customer-chat.ts'
import './tickets.ts'
