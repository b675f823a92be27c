// How each booking lives through the day. Everybody acts over HTTP, and acts because of what their socket told them.

import { setTimeout as pause } from 'node:timers/promises'
import type { Cast } from './people.ts'
import { requestOf, type Name } from './day.ts'
import { isCancelledBy } from './scenario.ts'
import { Refused } from './http.ts'
import type { Mark, Narrator, Story } from './reporter.ts'
import { codeOf, hearApproval, hearNews, hearStatus, idOf } from './hearing.ts'
import type { Survey } from './survey.ts'
import type { ApprovalSeen, BookingSeen } from './wire.ts'

export interface Stage {
  cast: Cast
  survey: Survey
  narrator: Narrator
  /** One for the whole play: a midnight in the middle moves no trip onto another. */
  today: Date
  /** Resolves at this second of the playing day. */
  at(second: number): Promise<void>
  /** Resolves once the manager's delegation holds. */
  delegated: Promise<void>
  /** Milliseconds that a person looks at something before acting. */
  thinking: number
}

const REASONS = [
  'Tuần này đã hết xe, xin chọn ngày khác',
  'Please take the shuttle bus',
  'Chuyến này gộp với chuyến chiều',
  'Not this month, the budget is used up',
]

/** @throws Error when something did not come about; the account says what */
export async function live(stage: Stage, story: Story): Promise<void> {
  await stage.at(story.row.second)
  if (story.row.fate === 'delegated') await stage.delegated
  await ask(stage, story)
  if (story.way === 'asked') await question(stage, story)
  if (
    isCancelledBy({
      decision: story.decision,
      onExpiry: stage.survey.onExpiry === 'cancel' ? 'cancel' : 'approve',
    })
  )
    return
  if (story.sequel === 'cancelled') await cancel(stage, story)
  if (story.sequel === 'redirected') await dispatch(stage, story, 'redirect', 'REDIRECTED_EXTERNAL')
  if (story.sequel === 'completed') await drive(stage, story)
}

async function ask({ cast, narrator, today }: Stage, story: Story): Promise<void> {
  const { who, bookingType, purpose } = story.row
  narrator.sending(story, 'ask')
  const answer = await cast[who].http.post<BookingSeen>('/bookings', requestOf(story.row, today))
  story.booking = answer.body
  narrator.answered(story, who, `asks (${bookingType}): ${purpose}`, 'ask', answer)
  narrator.begin(story, answer.body)
}

async function question(stage: Stage, story: Story): Promise<void> {
  const { fate, who } = story.row
  if (fate === 'hasty') return cancel(stage, story)
  const decider: Name = fate === 'delegated' ? 'director' : 'manager'
  const { data: approval, at } = await hearApproval(
    stage,
    fate === 'withdrawn' ? who : decider,
    story,
    ['approval.requested'],
    () => true,
  )
  story.marks.set('deadline', at + stage.survey.deadline)
  const [first] = stage.survey.reminders
  if (first !== undefined) story.marks.set('remind', at + first)
  if (fate === 'withdrawn') return cancel(stage, story)
  if (fate === 'expired') return hearExpiry(stage, story)
  if (fate === 'reminded') await hearReminder(stage, story)
  await pause(stage.thinking)
  await decide(stage, story, decider, approval)
}

async function decide(stage: Stage, story: Story, decider: Name, { id }: ApprovalSeen): Promise<void> {
  const verb = story.decision === 'rejected' ? 'reject' : 'approve'
  const notes = verb === 'reject' ? REASONS[story.row.second % REASONS.length] : 'Đi cẩn thận nhé'
  stage.narrator.sending(story, 'decide')
  try {
    const answer = await stage.cast[decider].http.post<ApprovalSeen>(`/approvals/${id}/${verb}`, { notes })
    stage.narrator.answered(story, decider, `${verb}s`, 'decide', answer)
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 409) throw error
    return overtake(stage, story, error.message)
  }
  const outcome = verb === 'approve' ? 'APPROVED' : 'REJECTED'
  await hearApproval(stage, story.row.who, story, ['approval.decided'], ({ status }) => status === outcome)
  await hearStatus(stage, story.row.who, story, verb === 'approve' ? 'PENDING' : 'CANCELLED')
}

/** The first reminder, or the deadline when that comes first because its worker was away. */
async function hearReminder(stage: Stage, story: Story): Promise<void> {
  await hearApproval(
    stage,
    'manager',
    story,
    ['approval.reminded', 'approval.expired'],
    ({ reminderCount, status }) => reminderCount > 0 || status === 'EXPIRED',
  )
}

async function overtake(stage: Stage, story: Story, why: string): Promise<void> {
  story.overtaken = true
  story.marks.delete('decide')
  story.decision = 'expired'
  stage.narrator.say({
    code: codeOf(story),
    who: '',
    what: `was overtaken by its deadline: ${why}`,
    trouble: true,
  })
  await hearExpiry(stage, story)
}

async function hearExpiry(stage: Stage, story: Story): Promise<void> {
  await hearApproval(stage, story.row.who, story, ['approval.expired'], ({ status }) => status === 'EXPIRED')
  await hearStatus(stage, story.row.who, story, stage.survey.onExpiry === 'cancel' ? 'CANCELLED' : 'PENDING')
}

async function cancel(stage: Stage, story: Story): Promise<void> {
  await move(stage, story, story.row.who, 'cancel', { reason: 'USER_REQUEST', notes: 'Không cần nữa' })
  await hearStatus(stage, story.row.who, story, 'CANCELLED')
}

/** The staff learns of a booking that waits from its role's channel. */
async function dispatch(
  stage: Stage,
  story: Story,
  verb: Mark,
  becomes: BookingSeen['status'],
  body?: unknown,
): Promise<void> {
  if (verb !== 'assign') await hearStatus(stage, 'staff', story, 'PENDING')
  await pause(stage.thinking)
  await move(stage, story, 'staff', verb, body)
  await hearStatus(stage, story.row.who, story, becomes)
}

async function drive(stage: Stage, story: Story): Promise<void> {
  const { vehicles } = stage.survey
  const assignment = {
    resourceId: vehicles[story.row.second % vehicles.length],
    driverId: stage.cast.driver.user.id,
  }
  await dispatch(stage, story, 'confirm', 'CONFIRMED')
  await dispatch(stage, story, 'assign', 'ASSIGNED', assignment)
  await hearStatus(stage, 'driver', story, 'ASSIGNED')
  await pause(stage.thinking)
  await move(stage, story, 'driver', 'arriving')
  await hearNews(stage, story, 'VEHICLE_ARRIVING')
  for (const [verb, becomes] of [
    ['start', 'IN_PROGRESS'],
    ['complete', 'COMPLETED'],
  ] as const) {
    await pause(stage.thinking)
    await move(stage, story, 'driver', verb)
    await hearStatus(stage, story.row.who, story, becomes)
  }
}

async function move(
  { cast, narrator }: Stage,
  story: Story,
  by: Name,
  verb: Mark,
  body?: unknown,
): Promise<void> {
  narrator.sending(story, verb)
  const answer = await cast[by].http.post<BookingSeen>(`/bookings/${idOf(story)}/${verb}`, body)
  narrator.answered(story, by, verb === 'arriving' ? 'announces the arrival' : `${verb}s`, verb, answer)
}
