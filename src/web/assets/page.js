// Keeps the page as it is now: what changed is replaced, section by section,
// so that focus, scroll and open details stay.  Without it the page is complete.
"use strict";
(() => {
	// Asked again at each change that is announced; without announcements
	// once a second.
	const interval = 1000, quiet = 10000, silent = 5000;
	const contact = document.getElementById("contact");
	let last = Date.now(), asked = 0, busy = false, again = false;

	const replace = (now, next) => {
		if (now.outerHTML === next.outerHTML)
			return;
		const open = new Set([...now.querySelectorAll("details[open][id]")]
			.map((d) => d.id));
		const focus = now.contains(document.activeElement) ?
			document.activeElement.id : "";
		next.querySelectorAll("details[id]").forEach((d) => {
			if (open.has(d.id))
				d.open = true;
		});
		if (now.outerHTML === next.outerHTML)
			return;
		now.replaceWith(next);
		if (focus !== "") {
			const again = document.getElementById(focus);
			if (again !== null)
				again.focus({ preventScroll: true });
		}
	};

	const sections = (root) => [...root.querySelectorAll("main > [id]")];

	const update = (text) => {
		const doc = new DOMParser().parseFromString(text, "text/html");
		const main = document.querySelector("main");
		const wanted = sections(doc);
		const ids = new Set(wanted.map((s) => s.id));
		let before = null;
		sections(document).forEach((s) => {
			if (!ids.has(s.id))
				s.remove();
		});
		wanted.forEach((next) => {
			const now = document.getElementById(next.id);
			const node = document.importNode(next, true);
			if (now !== null) {
				replace(now, node);
			} else if (before === null) {
				main.prepend(node);
			} else {
				before.after(node);
			}
			before = document.getElementById(next.id);
		});
		document.title = doc.title;
	};

	const lost = () => {
		if (Date.now() - last < silent)
			return;
		contact.textContent = "No contact with the exporter since " +
			new Date(last).toLocaleTimeString() +
			". What you see is as old as that.";
		contact.hidden = false;
	};

	const look = async () => {
		if (document.hidden)
			return;
		if (busy) {
			again = true;
			return;
		}
		busy = true;
		asked = Date.now();
		try {
			const answer = await fetch(location.href, {
				cache: "no-store",
				signal: AbortSignal.timeout(silent),
			});
			if (answer.ok) {
				update(await answer.text());
				last = Date.now();
				contact.hidden = true;
			}
		} catch {
			// Told below, once it has lasted.
		}
		busy = false;
		lost();
		if (again) {
			again = false;
			look();
		}
	};

	const changes = new EventSource("/changes");
	changes.onmessage = look;
	setInterval(() => {
		if (changes.readyState !== EventSource.OPEN ||
		    Date.now() - asked >= quiet)
			look();
	}, interval);
	document.addEventListener("visibilitychange", look);
})();
