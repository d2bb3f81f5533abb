"""Records as sentences, so that an answer can be compared with what was looked up."""

from casewright.domain.client import Client


def describe_client(client: Client) -> str:
    """Every field that the records hold, a sentence each."""
    said = [f"{client.name} is a client with the id {client.client_id}."]
    if client.industry is not None:
        said.append(f"{client.name} is a client in the {client.industry} industry.")
    if client.spend is not None:
        said.append(f"The spend of {client.name} this year to date is {client.spend}.")
    if client.last_meeting is not None:
        said.append(f"The last meeting with {client.name} was on {client.last_meeting.isoformat()}.")
    if client.account_manager is not None:
        said.append(f"The account manager of {client.name} is {client.account_manager}.")
    return " ".join(said)
