// How each event from outside is told to the staff: by which entry of the catalogue, and with which of its words.

import type { Change } from '../../kit/store/change.ts'
import type { Money } from '../../kit/text/locale.ts'
import { notify, type NotificationRequest } from '../../notifications/actions/notify.ts'
import type { NotificationType } from '../../notifications/catalogue.ts'
import { listActiveIdsByRole } from '../../users/queries.ts'
import { STAFF_ROLES } from '../../organisations/roles.ts'
import type { OutsideEvent, PayloadOf } from '../schema.ts'
import { lockEvent, setTold } from '../table.ts'

export async function notifyStaffOfEvent(change: Change, id: string): Promise<void> {
  const event = await lockEvent(change.db, id)
  if (!event || event.toldAt) return
  const tell = newsOf(event)
  for (const userId of await listActiveIdsByRole(change.db, event.orgId, STAFF_ROLES)) {
    tell(change, {
      orgId: event.orgId,
      userId,
      data: { event: event.type, eventId: event.id, payload: event.payload },
    })
  }
  await setTold(change.db, id, change.now)
}

type Tell = (
  change: Change,
  to: Pick<NotificationRequest<NotificationType>, 'orgId' | 'userId' | 'data'>,
) => void

function as<T extends NotificationType>(
  type: T,
  parameters: NotificationRequest<T>['parameters'],
  priority?: NotificationRequest<T>['priority'],
): Tell {
  return (change, to) => notify(change, { ...to, type, parameters, priority })
}

function newsOf({ type, payload }: OutsideEvent): Tell {
  switch (type) {
    case 'booking.created':
      return as('BOOKING_CREATED', visitOf(payload.booking))
    case 'booking.status-changed':
      return as('BOOKING_STATUS_CHANGED', {
        ...visitOf(payload.booking),
        before: payload.oldStatus,
        after: payload.newStatus,
      })
    case 'payment.received':
      return as('PAYMENT_RECEIVED', paymentOf(payload))
    case 'payment.failed':
      return as('PAYMENT_FAILED', paymentOf(payload))
    case 'client.created':
      return as('CLIENT_CREATED', { text: payload.client.name })
    case 'appointment.reminder':
      return as('APPOINTMENT_REMINDER', visitOf(payload.appointment))
    case 'staff.availability-changed':
      return as('STAFF_AVAILABILITY_CHANGED', {
        text: payload.staff.name,
        outcome: payload.isAvailable ? 'available' : 'away',
      })
    case 'inventory.low-stock':
      return as('INVENTORY_LOW_STOCK', { text: stockOf(payload) })
    case 'system.alert':
      return as(
        'SYSTEM_ALERT',
        { subject: payload.alert.title, text: payload.alert.message },
        payload.alert.priority,
      )
  }
}

function visitOf({ clientName, service, date, time }: PayloadOf<'appointment.reminder'>['appointment']): {
  text: string
  date: string
  time: string
} {
  return { text: service === undefined ? clientName : `${clientName}, ${service}`, date, time }
}

function paymentOf({ payment: { amount, currency = 'VND', clientName } }: PayloadOf<'payment.received'>): {
  amount: Money
  text: string
} {
  return { amount: { amount, currency }, text: clientName ?? '–' }
}

function stockOf({ product: { name, quantity } }: PayloadOf<'inventory.low-stock'>): string {
  return quantity === undefined ? name : `${name}: ${quantity}`
}
