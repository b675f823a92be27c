// Bull Board goes on showing its last picture when its requests are refused. Whoever is signed out by now is asked to sign in:
// the page itself, loaded again, answers with that.

const { send } = XMLHttpRequest.prototype

XMLHttpRequest.prototype.send = function (...given) {
  this.addEventListener('load', () => {
    if (this.status === 401) location.reload()
  })
  return send.apply(this, given)
}
