// Why a request takes the route that it takes, and what is said of it where no person speaks, in every language (ICU MessageFormat).

import { formatMessage } from '../kit/text/locale.ts'
import type { Locale } from '../organisations/schema.ts'
import type { RouteReason } from './schema.ts'

type Text = Readonly<Record<Locale, string>>

const ROUTE_REASONS = {
  management: {
    vi: '{level} là cấp quản lý nên không cần duyệt.',
    en: '{level} is management and needs no approval.',
  },
  rule: { vi: 'Quy định “{name}” được áp dụng.', en: 'The rule “{name}” holds.' },
  informs: {
    vi: 'Trên tuyến cố định, chuyến công tác chỉ báo cho quản lý biết.',
    en: 'On fixed routes, business trips only inform the manager.',
  },
  needs_approval: { vi: 'Yêu cầu này cần quản lý duyệt.', en: "This request needs the manager's approval." },
  passed_inactive: {
    vi: '{name} không còn hoạt động nên được bỏ qua.',
    en: '{name} is not active and is passed over.',
  },
  passed_role: {
    vi: '{name} là {role, select, CUSTOMER {khách hàng} GUEST {khách vãng lai} other {người không duyệt được}} nên được bỏ qua.',
    en: '{name} is {role, select, CUSTOMER {a customer} GUEST {a guest} other {nobody who may decide}} and is passed over.',
  },
  nearest: { vi: '{name} là quản lý gần nhất đang hoạt động.', en: '{name} is the nearest active manager.' },
  named: {
    vi: '{name} được hỏi: {by, select, manager {quản lý cấp trên} level {quản lý gần nhất đủ cấp bậc} role {theo vai trò} head {đứng đầu phòng ban} other {được quy định nêu tên}}.',
    en: '{name} is asked: {by, select, manager {a manager further up} level {the nearest manager of that level} role {by their role} head {highest in the department} other {named by the policy}}.',
  },
  covered: {
    vi: '{name} là người yêu cầu hoặc đã duyệt trước đó nên không cần hỏi.',
    en: '{name} asks for it, or has approved before, and is not asked.',
  },
  needs: { vi: 'Cần {need} trong {count} người duyệt.', en: 'It takes {need} of these {count} people.' },
  nobody_named: {
    vi: 'Không có ai {by, select, role {có vai trò đó} head {đứng đầu phòng ban} other {được nêu tên}} có thể duyệt.',
    en: 'Nobody {by, select, role {of that role} head {at the head of the department} other {who is named}} can decide.',
  },
  nobody: {
    vi: 'Không có quản lý nào đang hoạt động phía trên người yêu cầu.',
    en: 'There is no active manager above the requester.',
  },
  no_approver: {
    vi: 'Theo quy định của tổ chức, khi đó yêu cầu {policy, select, refuse {không được nhận} other {được chấp thuận}}.',
    en: 'By the policy of the organisation it is {policy, select, refuse {not taken} other {approved}} then.',
  },
  is_told: { vi: 'Quản lý được báo và không cần làm gì.', en: 'They are told and need not do anything.' },
  delegated: {
    vi: 'Quản lý đã ủy quyền quyết định vào lúc đó; người được ủy quyền cũng có thể quyết định.',
    en: 'The manager has delegated their decisions at that time; the delegate may decide as well.',
  },
  delegated_to_requester: {
    vi: 'Quản lý đã ủy quyền cho chính người yêu cầu, mà không ai tự duyệt yêu cầu của mình.',
    en: 'The manager has delegated to the requester, who never decides their own request.',
  },
  open_hours: {
    vi: 'Nhắc nhở và hạn duyệt được tính theo giờ làm việc của tổ chức.',
    en: 'Reminders and the deadline are counted in hours in which the organisation is open.',
  },
  on_expiry: {
    vi: 'Nếu đến hạn chưa ai quyết định, yêu cầu {policy, select, approve {được chấp thuận} escalate {chuyển lên cấp trên} next {chuyển sang bước sau} other {bị hủy}}.',
    en: 'If nobody has decided by the deadline, it {policy, select, approve {is approved} escalate {goes to the next manager} next {goes to the next step} other {is cancelled}}.',
  },
} as const satisfies Record<RouteReason['code'], Text>

export function sayReasons(reasons: readonly RouteReason[], locale: Locale): string[] {
  return reasons.map(({ code, values }) => formatMessage(ROUTE_REASONS[code][locale], locale, values))
}

/** Stands where a person would have written why. */
export const NOBODY_DECIDES: Text = { vi: 'Không có ai để duyệt', en: 'There is nobody to approve it' }
