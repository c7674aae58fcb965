// Says on the page what the passkey script would only write into the console.
document.addEventListener("allauth.error", (event) => {
  const fault = document.getElementById("passkey-fault");
  if (fault) {
    fault.hidden = false;
    event.preventDefault();
  }
});
